using Orleans.Workflows.Benchmarks;
using Orleans.Workflows.Benchmarks.Checking;

// Used by infra/bench.sh; one JSON line a measurement on stdout.
return args switch
{
    ["submit", var url, var inFlight] => await Submitter.RunAsync(new(url), int.Parse(inFlight)),
    ["noop", var database, .. var rest] => await NoopBench.RunAsync(database, BenchOptions.Parse(rest)),
    ["ledger", var database, .. var rest] => await LedgerBench.RunAsync(database, BenchOptions.Parse(rest)),
    ["agent", var database, .. var rest] => await AgentBench.RunAsync(database, BenchOptions.Parse(rest)),
    ["start", var database, .. var rest] => await StartBench.RunAsync(database, BenchOptions.Parse(rest)),
    ["stream", var database, .. var rest] => await StreamBench.RunAsync(database, BenchOptions.Parse(rest)),
    ["idle", var database, .. var rest] => await IdleBench.RunAsync(database, BenchOptions.Parse(rest)),
    ["rebuild", var database, .. var rest] => await RebuildBench.RunAsync(database, BenchOptions.Parse(rest)),
    ["overload", var database, .. var rest] => await OverloadBench.RunAsync(database, BenchOptions.Parse(rest)),
    ["cluster", "postgresql", .. var rest] => await ClusterBench.RunAsync(BenchOptions.Parse(rest)),
    ["check", var baseline, .. var rest] => await new Check(new(baseline), rest is ["--short"]).RunAsync(),
    ["record", var baseline, .. var rest] => await new Check(new(baseline), rest is ["--short"]).RecordAsync(),
    _ => BenchOptions.Usage(),
};
