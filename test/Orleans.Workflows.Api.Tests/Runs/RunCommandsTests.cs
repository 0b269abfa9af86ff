using System.Text.Json;
using Orleans.Workflows.Api.Tests.Running;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Api.Tests.Runs;

[Collection(ServerCollection.Name)]
public sealed class RunCommandsTests(ServerFixture server)
{
    [Fact]
    public async Task A_message_reaches_the_agent_once_however_often_it_is_sent()
    {
        var run = await server.StartAsync("""{"text":"up"},{"readStdin":true},{"readStdin":true},{"result":"done"}""");
        await server.EventAsync(run, "agent_message");
        var id = Guid.NewGuid();
        var message = $$"""{"text":"more","id":"{{id}}"}""";
        Assert.Equal(202, (int)(await server.PostAsync($"/runs/{run}/messages", message)).Status);
        Assert.Equal(202, (int)(await server.PostAsync($"/runs/{run}/messages", message)).Status);
        await server.EventAsync(run, "message_delivered");
        Assert.Equal(202, (int)(await server.PostAsync($"/runs/{run}/messages", message)).Status);
        Assert.Equal(202, (int)(await server.PostAsync($"/runs/{run}/messages", """{"text":"last"}""", ("Idempotency-Key", "last"))).Status);

        Assert.Equal("Completed", (await server.EndAsync(run)).Text("status"));
        var events = (await server.GetAsync($"/runs/{run}/events?limit=1000")).Json.GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(2, events.Count(item => item.GetProperty("type").GetString() == "message_received"));
        Assert.Equal(3, events.Count(item => item.GetProperty("type").GetString() == "agent_message"));

        // After the end the repeat still is one, and a new message is refused.
        Assert.Equal(202, (int)(await server.PostAsync($"/runs/{run}/messages", message)).Status);
        (await server.PostAsync($"/runs/{run}/messages", """{"text":"late"}""")).ProblemField(409, "run_ended");
    }

    [Fact]
    public async Task A_key_or_id_that_stands_for_another_command_is_refused_and_the_first_counts()
    {
        var run = await server.StartAsync("""{"text":"up"},{"readStdin":true},{"result":"done"}""");
        await server.EventAsync(run, "agent_message");
        var id = Guid.NewGuid();
        Assert.Equal(202, (int)(await server.PostAsync($"/runs/{run}/messages", $$"""{"text":"first","id":"{{id}}"}""")).Status);
        Assert.Equal("id", (await server.PostAsync($"/runs/{run}/messages", $$"""{"text":"second","id":"{{id}}"}""")).ProblemField(422, "key_reused"));
        await server.EndAsync(run);
        Assert.Equal("id", (await server.PostAsync($"/runs/{run}/messages", $$"""{"text":"third","id":"{{id}}"}""")).ProblemField(422, "key_reused"));

        var other = await server.StartAsync("""{"text":"up"},{"hang":true}""");
        await server.EventAsync(other, "agent_message");
        var replies = await Task.WhenAll(new[] { "one", "two" }.Select(text => server.PostAsync($"/runs/{other}/messages", $$"""{"text":"{{text}}"}""", ("Idempotency-Key", "k"))));
        Assert.Equal([202, 422], replies.Select(reply => (int)reply.Status).Order());
        Assert.Equal(202, (int)(await server.PostAsync($"/runs/{other}/messages", """{"text":"three"}""", ("Idempotency-Key", "k"), ("X-Caller", "somebody"))).Status);
        var texts = (await server.Ledger.ReadCommandsAsync(Orleans.Workflows.Runs.RunId.Parse(other), pendingOnly: false, TestContext.Current.CancellationToken)).Select(command => command.Text).ToArray();
        Assert.Equal(2, texts.Length);
        Assert.Equal(200, (int)(await server.PostAsync($"/runs/{other}/terminate", """{"reason":"a"}""", ("Idempotency-Key", "t"))).Status);
        Assert.Equal("Idempotency-Key", (await server.PostAsync($"/runs/{other}/terminate", """{"reason":"b"}""", ("Idempotency-Key", "t"))).ProblemField(422, "key_reused"));
        Assert.Equal(200, (int)(await server.PostAsync($"/runs/{other}/terminate", """{"reason":"a"}""", ("Idempotency-Key", "t"))).Status);
    }

    [Fact]
    public async Task A_canceled_run_ends_as_canceled_with_its_reason()
    {
        var run = await server.StartAsync("""{"text":"up"},{"hang":true}""");
        await server.EventAsync(run, "agent_message");
        var reply = await server.PostAsync($"/runs/{run}/cancel", """{"reason":"not needed"}""", ("Idempotency-Key", "c1"));
        Assert.Contains((int)reply.Status, new[] { 200, 202 });
        var ended = await server.EndAsync(run);
        Assert.Equal("Canceled", ended.Text("status"));
        Assert.Contains("not needed", ended.Json.GetProperty("reason").GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(200, (int)(await server.PostAsync($"/runs/{run}/cancel", """{"reason":"not needed"}""", ("Idempotency-Key", "c1"))).Status);
        (await server.PostAsync($"/runs/{run}/terminate")).ProblemField(409, "run_ended");
        (await server.PostAsync($"/runs/{run}/release")).ProblemField(409, "not_leaked");
        (await server.PostAsync($"/runs/{run}/resume")).ProblemField(409, "not_paused");
        (await server.PostAsync($"/runs/{run}/pause")).ProblemField(409, "run_ended");
    }

    [Fact]
    public async Task Terminating_answers_with_what_was_ended()
    {
        var run = await server.StartAsync("""{"child":600,"setsid":true,"daemon":true},{"text":"up"},{"hang":"deaf"}""");
        await server.EventAsync(run, "agent_message");
        var reply = await server.PostAsync($"/runs/{run}/terminate", """{"reason":"now","waitSeconds":60}""");
        Assert.Equal(200, (int)reply.Status);
        Assert.Equal("Terminated", reply.Text("status"));
        Assert.NotEmpty(reply.Json.GetProperty("result").GetProperty("endedProcesses").EnumerateArray());
    }

    [Theory]
    [InlineData("retry")]
    [InlineData("continue")]
    public async Task A_continuation_is_a_new_run_in_the_same_session(string command)
    {
        var first = await server.StartAsync(ScriptedRun.Short);
        var before = (await server.EndAsync(first)).Json;
        var body = command == "retry" ? null : """{"message":"{\"steps\":[{\"result\":\"again\"}]}","maxTurns":5}""";
        var reply = await server.PostAsync($"/runs/{first}/{command}", body, ("Idempotency-Key", $"{command}-{first}"));
        Assert.True(201 == (int)reply.Status, reply.Body);
        Assert.Equal(first, reply.Text("continuedFrom"));
        Assert.Equal(before.GetProperty("sessionId").GetString(), reply.Text("sessionId"));
        var again = await server.PostAsync($"/runs/{first}/{command}", body, ("Idempotency-Key", $"{command}-{first}"));
        Assert.Equal((200, reply.Text("id")), ((int)again.Status, again.Text("id")));

        Assert.Equal("Completed", (await server.EndAsync(reply.Text("id")!)).Text("status"));
        var linked = (await server.GetAsync($"/runs/{first}")).Json.GetProperty("continuations").EnumerateArray().Select(run => run.GetString());
        Assert.Equal([reply.Text("id")], linked);
    }

    [Fact]
    public async Task A_paused_agent_ends_its_turn_and_goes_on_when_it_is_resumed()
    {
        var run = await server.StartAsync("""{"text":"up"},{"hang":true}""");
        await server.EventAsync(run, "agent_message");
        Assert.Equal(202, (int)(await server.PostAsync($"/runs/{run}/pause", """{"reason":"lunch"}""", ("Idempotency-Key", "p"))).Status);
        Assert.Equal("paused", (await server.EventAsync(run, "paused")).GetProperty("because").GetString());
        var paused = await server.PostAsync($"/runs/{run}/pause", """{"reason":"lunch"}""", ("Idempotency-Key", "p"));
        Assert.Equal((200, "Paused", 1), ((int)paused.Status, paused.Text("status"), paused.Json.GetProperty("attempts").GetInt32()));
        Assert.Contains("lunch", paused.Json.GetProperty("reason").GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(200, (int)(await server.PostAsync($"/runs/{run}/pause")).Status);

        Assert.Equal(200, (int)(await server.PostAsync($"/runs/{run}/resume")).Status);
        await WaitFor.Value<object>(async _ => (await server.GetAsync($"/runs/{run}")).Json is var info && info.GetProperty("attempts").GetInt32() == 2 ? info : null, () => run, TestTimeouts.Process, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)(await server.PostAsync($"/runs/{run}/terminate")).Status);
    }

    [Fact]
    public async Task A_program_without_a_session_can_be_paused_only_while_it_waits()
    {
        var reply = await server.PostAsync("/runs", """{"agent":"command","command":["/bin/sh","-c","echo up; sleep 600"]}""");
        var run = reply.Text("id")!;
        await server.EventAsync(run, "started");
        (await server.PostAsync($"/runs/{run}/pause")).ProblemField(409, "no_pause");
        Assert.Equal(200, (int)(await server.PostAsync($"/runs/{run}/terminate")).Status);
    }

    [Fact]
    public async Task A_run_that_starts_later_is_listed_explained_paused_and_canceled_without_ever_waiting_in_its_queue()
    {
        var at = TimeProvider.System.GetUtcNow().AddHours(30);
        var queue = $"later-{Guid.NewGuid():N}";
        var reply = await server.PostAsync("/runs", $$"""{"agent":"scripted","message":"do","queue":"{{queue}}","startAt":"{{at.ToOffset(TimeSpan.FromHours(2)):yyyy-MM-ddTHH:mm:sszzz}}"}""");
        Assert.Equal((201, "Scheduled"), ((int)reply.Status, reply.Text("status")));
        var run = reply.Text("id")!;
        var start = reply.Json.GetProperty("startAt").GetDateTimeOffset();
        Assert.Equal(at.ToUnixTimeSeconds(), start.ToUnixTimeSeconds());
        var listed = (await server.GetAsync($"/runs?status=Scheduled&queue={queue}")).Json.GetProperty("items");
        Assert.Equal((run, start), (Assert.Single(listed.EnumerateArray()).GetProperty("id").GetString(), listed[0].GetProperty("startAt").GetDateTimeOffset()));
        var explained = await server.GetAsync($"/runs/{run}/explain");
        Assert.Equal(($"It waits for its start, scheduled for {start:yyyy-MM-ddTHH:mm:ssZ}; then it joins queue '{queue}'.", start), (explained.Text("text"), explained.Json.GetProperty("dueAt").GetDateTimeOffset()));
        Assert.DoesNotContain((await server.GetAsync("/queues")).Json.GetProperty("items").EnumerateArray(), item => item.GetProperty("name").GetString() == queue && item.GetProperty("waiting").GetInt32() > 0);

        Assert.Equal("Paused", (await server.PostAsync($"/runs/{run}/pause")).Text("status"));
        Assert.Equal("Scheduled", (await server.PostAsync($"/runs/{run}/resume")).Text("status"));
        Assert.Equal((200, "Canceled"), ((await server.PostAsync($"/runs/{run}/cancel")) is var canceled ? (int)canceled.Status : 0, canceled.Text("status")));
    }

    [Fact]
    public async Task A_running_run_can_not_be_continued()
    {
        var run = await server.StartAsync("""{"text":"up"},{"hang":true}""");
        (await server.PostAsync($"/runs/{run}/continue")).ProblemField(409, "run_active");
        Assert.Equal(200, (int)(await server.PostAsync($"/runs/{run}/terminate")).Status);
    }
}
