using Orleans.Workflows.Cli;

return await CommandLine.RunAsync(args, Terminal.OfProcess());
