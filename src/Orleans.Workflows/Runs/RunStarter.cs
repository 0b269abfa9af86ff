using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Credentials;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Runs;

/// <summary>
/// Turns what a caller asks for into a durable run: checks everything first, then lets the run's grain accept it. What is
/// refused leaves no row. A caller that got no answer sends the same request with the same idempotency key again.
/// </summary>
public sealed partial class RunStarter
{
    private readonly ILedger _ledger;
    private readonly IGrainFactory _grains;
    private readonly WorkflowCatalog _catalog;
    private readonly CredentialResolver _credentials;
    private readonly AgentCatalog _agents;
    private readonly TimeProvider _time;
    private readonly DefinitionStore _definitions;
    private readonly IServiceProvider _services;
    private readonly ConcurrentDictionary<string, CompiledWorkflow> _adHoc = new(StringComparer.Ordinal);

    internal RunStarter(ILedger ledger, IGrainFactory grains, WorkflowCatalog catalog, CredentialResolver credentials, AgentCatalog agents, DefinitionStore definitions, IServiceProvider services, TimeProvider time) =>
        (_ledger, _grains, _catalog, _credentials, _agents, _definitions, _services, _time) = (ledger, grains, catalog, credentials, agents, definitions, services, time);

    /// <summary>Starts a run of a workflow, or an ad-hoc one.</summary>
    public async Task<StartRunResult> StartAsync(StartRunRequest request, StartContext context, CancellationToken cancellationToken = default)
    {
        // What is wrong by itself was never accepted, so no key stands for it.
        if (RunRequests.Check(request) is { } invalid)
        {
            return StartRunResult.Refused(invalid);
        }

        var hash = context.IdempotencyKey is null ? [] : RequestHash.Of(request, null);
        var run = RunId.New(_time);
        var (order, workflow, failure) = Resolve(run, request, context, hash);
        return failure is not null
            ? await KnownOrAsync(context, hash, failure, cancellationToken)
            : await AcceptAsync(run, order!, workflow!, context, cancellationToken);
    }

    /// <summary>Why the request would be refused now, or null. Starts nothing.</summary>
    public Failure? Check(StartRunRequest request, StartContext context) =>
        RunRequests.Check(request) ?? Resolve(RunId.New(_time), request, context, []).Failure;

    /// <summary>Starts a new run in the session, workspace and definition of one that has ended.</summary>
    public Task<StartRunResult> ContinueAsync(RunId from, ContinueRunRequest request, StartContext context, CancellationToken cancellationToken = default) =>
        ContinueAsync(from, request, retry: false, context, cancellationToken);

    /// <summary>Starts the same work again as a new run: the same prompt, in the same session if it can be resumed.</summary>
    public Task<StartRunResult> RetryAsync(RunId from, ContinueRunRequest request, StartContext context, CancellationToken cancellationToken = default) =>
        ContinueAsync(from, request, retry: true, context, cancellationToken);

    private async Task<StartRunResult> ContinueAsync(RunId from, ContinueRunRequest request, bool retry, StartContext context, CancellationToken cancellationToken)
    {
        var asked = new StartRunRequest { Message = request.Message, MaxTurns = request.MaxTurns, TimeoutSeconds = request.TimeoutSeconds, BudgetUsd = request.BudgetUsd, MemoryLimitBytes = request.MemoryLimitBytes, Agent = retry ? "retry" : "continue" };
        if (RunRequests.Check(asked) is { } invalid)
        {
            return StartRunResult.Refused(invalid);
        }

        var hash = RequestHash.Of(asked, from);
        if (await _ledger.ReadRunAsync(from, cancellationToken) is not { } row)
        {
            return StartRunResult.Refused(RunRequests.Missing(from));
        }

        var workflow = await _definitions.FindAsync(row.DefinitionHash, cancellationToken);
        var failure = Continuations.Check(row, _time.GetUtcNow())
            ?? (workflow is null ? Failure.Conflict("definition_missing", "The run's definition is gone.", "Start a new run.") : CheckCredentials(workflow.Definition))
            ?? CheckMemory(request.MemoryLimitBytes, RunSpec.FromJson(row.Spec).MemoryLimit);
        if (failure is not null)
        {
            return await KnownOrAsync(context, hash, failure, cancellationToken);
        }

        var order = Continuations.Order(row, request, retry, context, hash);
        return await AcceptAsync(RunId.New(_time), order, workflow!, context, cancellationToken);
    }

    private async Task<StartRunResult> AcceptAsync(RunId run, RunOrder order, CompiledWorkflow workflow, StartContext context, CancellationToken cancellationToken)
    {
        // One that starts later takes no place of those who wait now; once it is due nobody refuses it any more.
        if (order.StartAt is null && _services.GetRequiredService<IAdmissionLink>().MayRefuse && await _grains.GetGrain<IAdmissionGrain>(0).AdmitAsync(run, order.Queue, order.Demand) is { } full)
        {
            return await KnownOrAsync(context, order.RequestHash!, full, cancellationToken);
        }

        await _definitions.KeepAsync(workflow, cancellationToken);
        var result = await _grains.GetRun(run).StartAsync(order);
        return result is { Run: null, Failure: null }
            ? await KnownOrAsync(context, order.RequestHash!, Failure.Unavailable("The idempotency key is being claimed.", TimeSpan.FromSeconds(1)), cancellationToken)
            : result;
    }

    /// <summary>The run that the caller's key already started, else <paramref name="failure"/>. A key answers what it answered first, whatever has changed since.</summary>
    private async Task<StartRunResult> KnownOrAsync(StartContext context, byte[] hash, Failure failure, CancellationToken cancellationToken)
    {
        if (context.IdempotencyKey is null || await _ledger.ReadIdempotencyAsync(context.Caller, context.IdempotencyKey, cancellationToken) is not { } claim)
        {
            return StartRunResult.Refused(failure);
        }

        if (!claim.RequestHash.AsSpan().SequenceEqual(hash))
        {
            return StartRunResult.Refused(RunRequests.KeyReused("Idempotency-Key"));
        }

        var known = _grains.GetRun(claim.Run);
        var run = await known.GetAsync();
        if (run?.Status == RunStatus.Queued)
        {
            // Its acceptance may be durable although its answer, and with it its offer, was lost.
            await known.WakeAsync();
        }

        return new(run, Existing: true);
    }
}
