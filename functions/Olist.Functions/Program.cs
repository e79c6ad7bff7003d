using Olist.Functions;
using Olist.Functions.Speed;
using Olist.Pipeline.Steps;

// The whole app: where its things are (Workspace), what serves from them, and the functions, found by their attributes in
// Ingestion/, Speed/, Batch/, Serving/ and Operations/.
return await Startup.RunAsync(async () =>
{
    var builder = FunctionsApplication.CreateBuilder(args);
    builder.ConfigureFunctionsWebApplication();
    Defaults.AddTo(builder.Configuration);

    await using var workspace = await Workspace.OpenAsync(WorkspaceSettings.Read(builder.Configuration), TimeProvider.System, CancellationToken.None);
    await workspace.AlignConsumersAsync(CancellationToken.None);
    await using var speed = await SpeedLayer.OpenAsync(workspace, CancellationToken.None);
    builder.Services.AddOlist(workspace, speed, builder.Configuration);
    Flavour.Configure(builder, workspace);

    await builder.Build().RunAsync();
});
