namespace Olist.FunctionsHost.Settings;

/// <summary>Every host.json setting that the host owns, and what it takes. <c>*</c> stands for one name, <c>**</c> for all below.</summary>
static class HostJsonRules
{
    public static IReadOnlyList<KeyValuePair<string, SettingRule>> All { get; } =
    [
        new("version", SettingRule.OneOf("2.0")),
        new("functionTimeout", SettingRule.Interval),
        new("logging:logLevel:*", SettingRule.LogLevel),
        new("logging:console:isEnabled", SettingRule.Boolean),
        new("logging:console:**", SettingRule.Unused),
        new("logging:fileLoggingMode", SettingRule.OneOf("never", "always", "debugOnly").WithoutEffect()),
        new("logging:applicationInsights:**", SettingRule.Unused),
        new("telemetryMode", SettingRule.OneOf("default", "OpenTelemetry").WithoutEffect()),
        new("extensionBundle:**", SettingRule.Unused),
        new("aggregator:**", SettingRule.Unused),
        new("concurrency:**", SettingRule.Unused),
        new("customHandler:**", SettingRule.Unused),
        new("functions:*", SettingRule.Anything),
        new("healthMonitor:**", SettingRule.Unused),
        new("managedDependency:**", SettingRule.Unused),
        new("sendCanceledInvocationsToWorker", SettingRule.Boolean.WithoutEffect()),
        new("singleton:**", SettingRule.Unused),
        new("watchDirectories:*", SettingRule.Unused),
        new("watchFiles:*", SettingRule.Unused),

        new("extensions:http:routePrefix", SettingRule.Anything),
        new("extensions:http:maxOutstandingRequests", SettingRule.Integer(-1)),
        new("extensions:http:maxConcurrentRequests", SettingRule.Integer(-1)),
        new("extensions:http:dynamicThrottlesEnabled", SettingRule.Boolean.WithoutEffect()),
        new("extensions:http:customHeaders:*", SettingRule.Anything),
        new("extensions:http:hsts:isEnabled", SettingRule.Boolean),
        new("extensions:http:hsts:maxAge", SettingRule.Integer(0)),
        new("extensions:http:hsts:includeSubDomains", SettingRule.Boolean),
        new("extensions:http:hsts:preload", SettingRule.Boolean),

        new("extensions:kafka:maxBatchSize", SettingRule.Integer(1, 1_000_000)),
        new("extensions:kafka:subscriberIntervalInSeconds", SettingRule.Integer(1, 3600)),
        new("extensions:kafka:executorChannelCapacity", SettingRule.Integer(1, 1000)),
        new("extensions:kafka:channelFullRetryIntervalInMs", SettingRule.Integer(1, 60_000).WithoutEffect()),
        new("extensions:kafka:subscriberIdleBackoffMs", SettingRule.Integer(0, 60_000).WithoutEffect()),
        new("extensions:kafka:autoCommitIntervalMs", SettingRule.Integer(0, 3_600_000).WithoutEffect()),
        new("extensions:kafka:autoOffsetReset", SettingRule.OneOf("earliest", "latest")),
        new("extensions:kafka:commitOnFailure", SettingRule.Boolean),
        new("extensions:kafka:maxRetries", SettingRule.Integer(-1)),
        .. Librdkafka("sessionTimeoutMs", "maxPollIntervalMs", "metadataMaxAgeMs", "reconnectBackoffMs", "reconnectBackoffMaxMs", "statisticsIntervalMs",
            "queuedMinMessages", "queuedMaxMessagesKbytes", "maxPartitionFetchBytes", "fetchMaxBytes"),
        new("extensions:kafka:socketKeepaliveEnable", SettingRule.Boolean.WithoutEffect()),
        new("extensions:kafka:libkafkaDebug", SettingRule.Unused),

        new("extensions:durableTask:hubName", SettingRule.Anything),
        new("extensions:durableTask:maxConcurrentActivityFunctions", SettingRule.Integer(1)),
        new("extensions:durableTask:maxConcurrentOrchestratorFunctions", SettingRule.Integer(1)),
        new("extensions:durableTask:maxConcurrentEntityFunctions", SettingRule.Integer(1)),
        new("extensions:durableTask:maxEntityOperationBatchSize", SettingRule.Integer(1)),
        new("extensions:durableTask:maxOrchestrationActions", SettingRule.Integer(1)),
        new("extensions:durableTask:overridableExistingInstanceStates", SettingRule.OneOf("NonRunningStates", "AnyState")),
        new("extensions:durableTask:extendedSessionsEnabled", SettingRule.Boolean.WithoutEffect()),
        new("extensions:durableTask:extendedSessionIdleTimeoutInSeconds", SettingRule.Integer(0).WithoutEffect()),
        new("extensions:durableTask:entityMessageReorderWindowInMinutes", SettingRule.Integer(0).WithoutEffect()),
        new("extensions:durableTask:useGracefulShutdown", SettingRule.Boolean.WithoutEffect()),
        new("extensions:durableTask:storeInputsInOrchestrationHistory", SettingRule.Boolean.WithoutEffect()),
        new("extensions:durableTask:storageProvider:**", SettingRule.Unused),
        new("extensions:durableTask:tracing:**", SettingRule.Unused),
        new("extensions:durableTask:notifications:**", SettingRule.Unused),
    ];

    static IEnumerable<KeyValuePair<string, SettingRule>> Librdkafka(params string[] names) =>
        names.Select(name => KeyValuePair.Create("extensions:kafka:" + name, SettingRule.Integer(0).WithoutEffect()));
}
