using Olist.Lake.Tests;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// The entry point that xunit would generate, but for the first lines.
if (await WriterProcess.RunWhenAskedAsync() is { } exitCode) return exitCode;
if (await EightWriters.RunWhenAskedAsync() is { } verdict) return verdict;
return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
