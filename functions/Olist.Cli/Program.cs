using System.CommandLine;
using Olist.Cli;
using Olist.Cli.Verbs;

// The same work as the app's, by hand. One file per verb in Verbs/.
var root = new RootCommand("Olist.Functions from the command line: order events in, Iceberg tables out.")
{
    BackfillVerb.Create(), ReplayVerb.Create(), BatchVerb.Create(), ExportVerb.Create(), LakeVerb.Create(), SynthVerb.Create(),
};
return await Failures.ReportAsync(() => root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }));
