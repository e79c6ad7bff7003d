using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Olist.FunctionsHost.Tests.Support;

namespace Olist.FunctionsHost.Tests.Entities;

public sealed class EntityManagementTests
{
    const string Root = "/runtime/webhooks/durabletask/entities";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entities_are_signalled_read_listed_and_deleted_over_http()
    {
        using var folder = new TempFolder();
        await using var app = await EntityApp.StartAsync(folder);
        var client = app.Durable.Host.Client;
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(Root, Cancellation)).StatusCode);
        client.DefaultRequestHeaders.Add("x-functions-key", app.Durable.Host.MasterKey);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"{Root}/Account/a", Cancellation)).StatusCode);
        foreach (var key in (string[])["a", "b", "c"])
            Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsJsonAsync($"{Root}/Account/{key}?op=Add", 4, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync($"{Root}/Account/a?op=Optional", null, Cancellation)).StatusCode);
        await app.UntilBalanceAsync("a", 11);
        await app.UntilBalanceAsync("b", 4);
        await app.UntilBalanceAsync("c", 4);
        Assert.Equal(11, (await client.GetFromJsonAsync<JsonElement>($"{Root}/account/a", Cancellation)).GetProperty("Balance").GetInt32());

        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync($"{Root}/Account/a?op=Add", new StringContent("{", null, "application/json"), Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsJsonAsync($"{Root}/Nobody/a?op=Add", 1, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync($"{Root}/Account/a%23b", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync($"{Root}?top=many", Cancellation)).StatusCode);

        var keys = new List<string?>();
        string? token = null;
        do
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{Root}/Account?top=2&fetchState=true");
            if (token is not null) request.Headers.Add("x-ms-continuation-token", token);
            using var response = await client.SendAsync(request, Cancellation);
            foreach (var entity in (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).EnumerateArray())
            {
                keys.Add(entity.GetProperty("entityId").GetProperty("key").GetString());
                Assert.Equal("account", entity.GetProperty("entityId").GetProperty("name").GetString());
                Assert.True(entity.GetProperty("state").GetProperty("Balance").GetInt32() > 0);
            }
            token = response.Headers.TryGetValues("x-ms-continuation-token", out var values) ? values.Single() : null;
        }
        while (token is not null);
        Assert.Equal(["a", "b", "c"], keys.Order(StringComparer.Ordinal));

        Assert.Equal(HttpStatusCode.Accepted, (await client.DeleteAsync($"{Root}/Account/a", Cancellation)).StatusCode);
        await app.UntilAsync(async () => (await client.GetAsync($"{Root}/Account/a", Cancellation)).StatusCode == HttpStatusCode.NotFound, "the entity to go");
    }
}
