using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Admission;

/// <summary>A run starts only where all is that it needs, and says what it waits for when that is nowhere.</summary>
public sealed class NeedsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly AdmissionIndex _index;

    public NeedsTests() => _index = new(new(), 1, _time);

    [Fact]
    public void Who_needs_what_no_node_has_waits_and_holds_up_nobody_behind_it()
    {
        _index.SetNode("plain", 2);
        var (needs, next) = (Offer(["docker"]), Offer());
        Assert.Equal([next], Take("plain"));
        _index.SetNode("able", 1, ["docker", "gpu"]);
        Assert.Empty(Take("plain"));
        Assert.Equal([needs], Take("plain", "able"));
        Assert.Equal((0, null), (_index.Waiting, _index.Explain(needs)));
    }

    [Fact]
    public void All_of_the_needs_are_on_one_node()
    {
        _index.SetNode("a", 1, ["docker"]);
        _index.SetNode("b", 1, ["gpu"]);
        var run = Offer(["docker", "gpu"]);
        Assert.Empty(Take("a", "b"));
        _index.SetNode("b", 1, ["docker", "gpu"]);
        Assert.Equal([("b", run)], _index.Take(["a", "b"]).Select(taken => (taken.Node, taken.Grant.Run)));
    }

    [Fact]
    public void A_node_that_comes_back_without_a_label_gets_no_more_of_those_who_need_it()
    {
        _index.SetNode("n", 1, ["docker"]);
        var (first, second) = (Offer(["docker"]), Offer(["docker"]));
        Assert.Equal([first], Take("n"));
        _index.SetNode("n", 2);
        Assert.Empty(Take("n"));
        _index.SetNode("n", 2, ["docker"]);
        Assert.Equal([second], Take("n"));
    }

    [Fact]
    public void A_run_in_a_session_waits_for_its_node_and_for_its_needs_and_elsewhere_for_them_alone()
    {
        _index.SetNode("home", 1);
        _index.SetNode("plain", 1);
        _index.SetNode("able", 1, ["docker"]);
        var run = Offer(["docker"], "home");
        Assert.Empty(Take("home", "plain", "able"));
        Assert.Equal("it needs a node with docker, and home, which holds its session and workspace, lacks docker", Only(run).Text);
        _index.Lose("home");
        Assert.Equal([("able", run)], _index.Take(["plain", "able"]).Select(taken => (taken.Node, taken.Grant.Run)));
    }

    [Fact]
    public void A_run_in_a_session_whose_node_has_its_needs_goes_there_and_nowhere_else()
    {
        _index.SetNode("home", 0, ["docker"]);
        _index.SetNode("able", 1, ["docker"]);
        var run = Offer(["docker"], "home");
        Assert.Empty(Take("home", "able"));
        Assert.Equal(WaitCauseKind.Node, Only(run).Kind);
        _index.SetNode("home", 1, ["docker"]);
        Assert.Equal([run], Take("home"));
    }

    [Fact]
    public void It_tells_what_is_missing_and_which_nodes_there_are()
    {
        var (both, gpu) = (Offer(["docker", "gpu"]), Offer(["gpu"]));
        Assert.Equal((WaitCauseKind.Needs, "it needs a node with gpu, and none that runs agents is in touch"), (Only(gpu).Kind, Only(gpu).Text));
        _index.SetNode("a", 1, ["docker"]);
        _index.SetNode("b", 1);
        var cause = Only(both);
        Assert.Equal("it needs a node with docker, gpu, and none has gpu (a lacks gpu; b lacks docker, gpu)", cause.Text);
        Assert.Equal(["docker", "gpu"], cause.Needs!);
        Assert.Equal(["gpu"], cause.Missing!);
        Assert.Equal([("a", "docker", "gpu"), ("b", "", "docker,gpu")], cause.Nodes!.Select(node => (node.Node, string.Join(',', node.Labels), string.Join(',', node.Missing))));
        _index.SetNode("b", 1, ["gpu"]);
        Assert.Equal("it needs a node with docker, gpu together, and none has all of them (a lacks gpu; b lacks docker)", Only(both).Text);
        Assert.Empty(Only(both).Missing!);
        Assert.Equal(WaitCauseKind.Turn, Only(gpu).Kind);
        Assert.Equal([gpu], Take("b"));
        var next = Offer(["gpu"]);
        Assert.Equal((WaitCauseKind.Capacity, "all 1 slots of the nodes with gpu are taken (1 running)"), (Only(next).Kind, Only(next).Text));
    }

    [Fact]
    public void A_node_that_is_silent_or_serves_callers_alone_is_none_to_wait_for()
    {
        var run = Offer();
        _index.SetNode("front", 4, isFrontend: true);
        Assert.Equal("no node that runs agents is in touch: start one whose Workflows:Node:Role is Both or Executor", Only(run).Text);
        Assert.Empty(Take("front"));
        _index.SetNode("n", 1, ["docker"]);
        Assert.Equal(WaitCauseKind.Turn, Only(run).Kind);
        _time.Advance(new AdmissionOptions().PollWait * 3);
        Assert.Equal(WaitCauseKind.Capacity, Only(run).Kind);
        Assert.Equal("it needs a node with docker, and none that runs agents is in touch", Only(Offer(["docker"])).Text);
    }

    [Fact]
    public void Who_waits_for_a_limit_and_a_label_starts_although_others_take_both_in_turns()
    {
        _index.SetNode("able", 1, ["docker"]);
        _index.SetNode("plain", 1);
        _index.SetRule(new("tenants", LimitDimension.Tenant, LimitMeasure.Concurrency, 1));
        var running = new Queue<Grant>();
        RunId? needy = null;
        for (var i = 0; i < 40 && (needy is null || _index.Explain(needy.Value) is not null); i++)
        {
            // One on the labelled node without the tenant, one of the tenant elsewhere: never both are free together.
            Offer(tenant: i % 2 == 0 ? null : "acme");
            needy ??= i == 3 ? Offer(["docker"], tenant: "acme") : null;
            if (running.Count > 1)
            {
                _index.Return(running.Dequeue());
            }

            _index.Take(["able", "plain"]).ForEach(taken => running.Enqueue(taken.Grant));
        }

        Assert.Null(_index.Explain(needy!.Value));
    }

    private RunId Offer(string[]? needs = null, string? node = null, string? tenant = null)
    {
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var run = RunId.New(_time);
        _index.Offer(new(run, "q", _time.GetUtcNow()) { Demand = new Demand { Needs = needs, Tenant = tenant }.ToJson(), Node = node });
        return run;
    }

    private RunId[] Take(params string[] nodes) => [.. _index.Take(nodes).Select(taken => taken.Grant.Run)];

    private WaitCause Only(RunId run) => Assert.Single(_index.Explain(run)!.Causes);
}
