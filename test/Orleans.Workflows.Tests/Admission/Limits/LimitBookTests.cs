using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Admission.Constraints;
using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Tests.Admission.Limits;

public sealed class LimitBookTests
{
    private readonly LimitBook _book = new(new FakeTimeProvider(), new(new(), static _ => false));

    [Theory]
    [InlineData("acme/site", "one")]
    [InlineData("acme/tools/x", "tools")]
    [InlineData("acme/other", "acme")]
    [InlineData("else", "all")]
    public void The_most_specific_rule_of_a_dimension_holds(string repository, string expected)
    {
        Put("all", "*", 1);
        Put("acme", "acme/*", 2);
        Put("tools", "acme/tools/*", 3);
        Put("one", "acme/site", 4);

        Assert.Equal(expected, Assert.Single(Resolve(repository)).Rule.Name);
    }

    [Fact]
    public void A_rule_without_a_value_lifts_what_a_less_specific_one_says()
    {
        Put("all", "*", 0);
        Put("one", "acme/site", null);
        Assert.True(Assert.Single(Resolve("acme/site")).HasRoom);
        Assert.False(Assert.Single(Resolve("other")).HasRoom);
    }

    [Fact]
    public void Each_dimension_measure_and_label_counts_for_itself()
    {
        Put("repositories", "*", 1);
        _book.Put(new("starts", LimitDimension.Repository, LimitMeasure.Starts, 1) { Period = TimeSpan.FromMinutes(1) });
        _book.Put(new("team", LimitDimension.Label, LimitMeasure.Concurrency, 1) { Label = "team" });
        _book.Put(new("stage", LimitDimension.Label, LimitMeasure.Concurrency, 1) { Label = "stage" });
        _book.Put(new("service", LimitDimension.Service, LimitMeasure.Concurrency, 1));
        _book.Put(new("queue", LimitDimension.Queue, LimitMeasure.Concurrency, 1));

        var found = _book.Resolve(new() { Repository = "r", Labels = new() { ["team"] = "t" } }, "q").Span.ToArray();
        Assert.Equal(["queue", "repositories", "service", "starts", "team"], found.Select(constraint => constraint.Rule.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["queue", "service"], _book.Resolve(Demand.None, "q").Span.ToArray().Select(constraint => constraint.Rule.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Keys_count_each_alone_or_all_together()
    {
        Put("each", "*", 1);
        Assert.NotSame(Assert.Single(Resolve("a")), Assert.Single(Resolve("b")));
        _book.Put(new("together", LimitDimension.Tenant, LimitMeasure.Concurrency, 1) { IsShared = true });
        Assert.Same(OfTenant("a"), OfTenant("b"));
    }

    [Fact]
    public void A_new_value_keeps_what_was_counted_and_another_key_does_not()
    {
        Assert.True(Put("rule", "acme/*", 1));
        var before = Assert.IsType<ConcurrencyConstraint>(Assert.Single(Resolve("acme/site")));
        before.Take(isStart: true);
        Assert.False(before.HasRoom);

        Assert.False(Put("rule", "acme/*", 2));
        Assert.Same(before, Assert.Single(Resolve("acme/site")));
        Assert.True(before.HasRoom);

        Assert.True(Put("rule", "*", 2));
        Assert.NotSame(before, Assert.Single(Resolve("acme/site")));
    }

    [Fact]
    public void A_removed_rule_uncovers_the_one_that_it_hid()
    {
        Put("a", "acme/site", 1);
        Put("b", "acme/site", 2);
        Assert.Equal("a", Assert.Single(Resolve("acme/site")).Rule.Name);
        Assert.True(_book.Remove("a"));
        Assert.False(_book.Remove("a"));
        Assert.Equal("b", Assert.Single(Resolve("acme/site")).Rule.Name);
        Assert.True(_book.Remove("b"));
        Assert.Empty(Resolve("acme/site"));
    }

    [Fact]
    public void What_is_counted_for_a_key_is_forgotten_only_when_nobody_uses_it()
    {
        Put("each", "*", 1);
        var used = Assert.Single(Resolve("used"));
        used.Uses++;
        var running = Assert.Single(Resolve("running"));
        running.Take(isStart: true);
        for (var i = 0; i < 10_000; i++)
        {
            Resolve($"key{i}");
        }

        Assert.True(_book.ConstraintsOf("each").Count() < 3_000);
        Assert.Same(used, Assert.Single(Resolve("used")));
        Assert.Same(running, Assert.Single(Resolve("running")));
    }

    [Fact]
    public void What_one_look_finds_is_not_forgotten_before_it_is_used()
    {
        Put("each", "*", 1);
        _book.Put(new("tenants", LimitDimension.Tenant, LimitMeasure.Concurrency, 1));
        for (var i = 0; i < 10_000; i++)
        {
            var found = _book.Resolve(new() { Repository = $"r{i}", Tenant = $"t{i}" }, "q");
            found.Use(1);
            Assert.Equal(found, _book.Resolve(new() { Repository = $"r{i}", Tenant = $"t{i}" }, "q"));
            found.Use(-1);
        }
    }

    [Fact]
    public void A_demand_is_the_same_after_its_way_as_text()
    {
        var demand = new Demand { Priority = 1, FairnessKey = "s", Workflow = "w", Tenant = "t", Repository = "r", Credential = "c", Model = "m", Labels = new() { ["a"] = "b" } };
        var read = Demand.FromJson(demand.ToJson());
        Assert.Equal(demand.ToJson(), read.ToJson());
        Assert.Equal("b", read.Labels?["a"]);
        Assert.Equal(Demand.DefaultPriority, Demand.FromJson(Demand.None.ToJson()).Priority);
        Assert.Equal(Demand.None, Demand.FromJson(null));
    }

    private bool Put(string name, string key, int? value) => _book.Put(new(name, LimitDimension.Repository, LimitMeasure.Concurrency, value) { Key = key });

    private LimitConstraint[] Resolve(string repository) => _book.Resolve(new() { Repository = repository }, "q").Span.ToArray();

    private LimitConstraint OfTenant(string tenant) => Assert.Single(_book.Resolve(new() { Tenant = tenant }, "q").Span.ToArray());
}
