using Olist.Functions;
using Olist.Functions.Operations;
using Olist.Pipeline.Steps;

// The whole app: where its things are (Workspace), what serves from them, and the functions, found by their attributes in
// Ingestion/, Batch/, Serving/ and Operations/.
return await Startup.RunAsync(async () =>
{
    var builder = FunctionsApplication.CreateBuilder(args);
    builder.ConfigureFunctionsWebApplication();
    Defaults.AddTo(builder.Configuration);

    await using var workspace = await Workspace.OpenAsync(WorkspaceSettings.Read(builder.Configuration), TimeProvider.System, CancellationToken.None);
    await workspace.AlignConsumersAsync(CancellationToken.None);
    builder.Services.AddOlist(workspace, builder.Configuration);
    Flavour.Configure(builder, workspace);

    await builder.Build().RunAsync();
});
