using Microsoft.Extensions.Configuration;
using Olist.Pipeline;
using Olist.Pipeline.Steps;

namespace Olist.Functions.Tests;

public sealed class RetentionSettingTests
{
    const string Setting = "Olist:Log:RetentionHours";

    static TimeSpan? Read(string? hours) =>
        WorkspaceSettings.Read(new ConfigurationBuilder().AddInMemoryCollection([new KeyValuePair<string, string?>(Setting, hours)]).Build()).LogRetention;

    [Fact]
    public void Hours_are_taken_none_is_a_week_and_zero_is_for_ever()
    {
        Assert.Equal(TimeSpan.FromHours(6), Read("6"));
        Assert.Equal(TimeSpan.FromHours(1_000_000), Read("1000000"));
        Assert.Equal(TimeSpan.FromHours(168), Read(null));
        Assert.Equal(TimeSpan.FromHours(168), Read(""));
        Assert.Null(Read("0"));
    }

    [Theory]
    [InlineData("-1"), InlineData("1.5"), InlineData("1000001"), InlineData("99999999999"), InlineData("a week"), InlineData(" 6"), InlineData("0x10")]
    public async Task Anything_else_ends_the_start_with_the_name_of_the_setting(string hours)
    {
        var folder = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        var error = await Assert.ThrowsAsync<PipelineException>(() =>
            OlistApp.OpenAsync([$"--Olist:Lake={folder}/lake", "--Olist:Dataset=none", $"--{Setting}={hours}"], null, TestContext.Current.CancellationToken));
        Assert.Contains($"Setting {Setting} is '{hours}'", error.Message);
        Assert.False(Directory.Exists(folder));
    }
}
