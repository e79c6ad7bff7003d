using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Olist.FunctionsHost.Tests.Support;

namespace Olist.FunctionsHost.Tests.Durable;

public sealed class ManagementApiTests
{
    const string Root = "/runtime/webhooks/durabletask";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Instances_are_started_told_watched_and_purged_over_http()
    {
        using var folder = new TempFolder();
        await using var app = await DurableApp.StartAsync(folder);
        var client = app.Host.Client;
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync($"{Root}/instances", Cancellation)).StatusCode);
        var keys = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.Root, "state", "keys.json"), Cancellation)).RootElement;
        client.DefaultRequestHeaders.Add("x-functions-key", keys.GetProperty("system").GetProperty("durabletask_extension").GetString());

        using var started = await client.PostAsJsonAsync($"{Root}/orchestrators/Impatient/one", "in", Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var addresses = await started.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.EndsWith($"{Root}/instances/one/raiseEvent/{{eventName}}", addresses.GetProperty("sendEventPostUri").GetString(), StringComparison.Ordinal);
        Assert.Equal(addresses.GetProperty("statusQueryGetUri").GetString(), started.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsync($"{Root}/orchestrators/Impatient/one", null, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync($"{Root}/orchestrators/Nobody", null, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await client.GetAsync($"{Root}/instances/one", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"{Root}/instances/two", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync($"{Root}/instances/one/raiseEvent/go", new StringContent("{"), Cancellation)).StatusCode);

        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync($"{Root}/instances/one/suspend?reason=x", null, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync($"{Root}/instances/one/resume", null, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsJsonAsync($"{Root}/instances/one/raiseEvent/go", "told", Cancellation)).StatusCode);
        await app.CompletedAsync("one");
        var status = await client.GetFromJsonAsync<JsonElement>($"{Root}/instances/one", Cancellation);
        Assert.Equal(("Impatient", "one", "Completed", "told", "in"), (status.GetProperty("name").GetString(), status.GetProperty("instanceId").GetString(),
            status.GetProperty("runtimeStatus").GetString(), status.GetProperty("output").GetString(), status.GetProperty("input").GetString()));
        Assert.Equal(HttpStatusCode.Gone, (await client.PostAsync($"{Root}/instances/one/terminate", null, Cancellation)).StatusCode);
        Assert.Equal(1, (await client.GetFromJsonAsync<JsonElement>($"{Root}/instances?runtimeStatus=Completed&top=10", Cancellation)).GetArrayLength());
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync($"{Root}/instances?runtimeStatus=Sleepy", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync($"{Root}/instances/one/restart?restartWithNewInstanceId=false", null, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.DeleteAsync($"{Root}/instances/one", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync($"{Root}/instances/one/terminate?reason=done", null, Cancellation)).StatusCode);
        await app.CompletedAsync("one");
        Assert.Equal(HttpStatusCode.OK, (await client.DeleteAsync($"{Root}/instances/one", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task An_http_function_starts_an_orchestration_through_its_client()
    {
        await using var app = await DurableApp.StartAsync();
        using var response = await app.Host.Client.PostAsync("/api/start/Chain", null, Cancellation);
        var id = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal("in0.1.2.3.4.", (await app.CompletedAsync(id)).ReadOutputAs<string>());
    }
}
