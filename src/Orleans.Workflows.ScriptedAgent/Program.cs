using Orleans.Workflows.ScriptedAgent;

var options = AgentOptions.Parse(args);
var journal = Journal.Open();
journal.Write("start", null);
using var output = new StreamOutput(options);
using var inbox = new Inbox(output);
var player = new Player(options, output, inbox, journal);
return player.Run();
