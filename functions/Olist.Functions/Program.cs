using Olist.Functions;

// The functions are found by their attributes in Ingestion/, Speed/, Batch/, Serving/ and Operations/.
return await Startup.RunAsync(async () =>
{
    await using var app = await OlistApp.OpenAsync(args, null, CancellationToken.None);
    await app.Host.RunAsync();
});
