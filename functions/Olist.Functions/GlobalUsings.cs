// The only file in which the two flavours differ: the same names, from the official packages or from this project's own host.
#if AZURE_HOST
global using Microsoft.Azure.Functions.Worker;
global using Microsoft.Azure.Functions.Worker.Builder;
global using Microsoft.DurableTask;
global using Microsoft.DurableTask.Client;
global using Microsoft.DurableTask.Client.Entities;
global using Microsoft.DurableTask.Entities;
global using RetryContext = Microsoft.Azure.Functions.Worker.RetryContext;
#else
global using Olist.FunctionsHost.DurableTask;
global using Olist.FunctionsHost.DurableTask.Client;
global using Olist.FunctionsHost.DurableTask.Client.Entities;
global using Olist.FunctionsHost.DurableTask.Entities;
global using Olist.FunctionsHost.Extensions.Hosting;
global using Olist.FunctionsHost.Worker;
global using Olist.FunctionsHost.Worker.Builder;
global using RetryContext = Olist.FunctionsHost.Worker.RetryContext;
#endif
global using Microsoft.AspNetCore.Http;
global using Microsoft.AspNetCore.Mvc;
global using Microsoft.Extensions.DependencyInjection;
global using Microsoft.Extensions.Hosting;
global using Microsoft.Extensions.Logging;
