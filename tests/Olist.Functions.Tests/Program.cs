using Olist.Functions.Tests;
using Olist.Functions.Tests.Crashes.Child;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// The entry point that xunit would generate, but for the first line.
if (await CrashingApp.RunWhenAskedAsync() is { } exitCode) return exitCode;
return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
