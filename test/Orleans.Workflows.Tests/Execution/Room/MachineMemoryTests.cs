using Orleans.Workflows.Execution.Room;

namespace Orleans.Workflows.Tests.Execution.Room;

public sealed class MachineMemoryTests : IDisposable
{
    private const long Megabyte = 1_024 * 1_024;

    private readonly string _directory = Directory.CreateTempSubdirectory("ow-memory-").FullName;

    [Fact]
    public void This_machine_tells() => Assert.InRange(MachineMemory.Available()!.Value, Megabyte, 1L << 50);

    [Fact]
    public void The_least_of_the_machine_and_all_groups_above_is_available()
    {
        Write("meminfo", "MemTotal:       2048000 kB\nMemAvailable:    1024000 kB\n");
        Write("cgroup", "0::/a/b\n");
        Assert.Equal(1_000 * Megabyte, Read());
        Write("groups/a/memory.max", $"{800 * Megabyte}\n");
        Write("groups/a/memory.current", $"{500 * Megabyte}\n");
        Write("groups/a/memory.stat", $"anon 5\ninactive_file {50 * Megabyte}\nactive_file 7\n");
        Assert.Equal(350 * Megabyte, Read());
        Write("groups/a/b/memory.max", "max\n");
        Write("groups/a/b/memory.current", $"{400 * Megabyte}\n");
        Assert.Equal(350 * Megabyte, Read());
        Write("groups/a/b/memory.max", $"{300 * Megabyte}\n");
        Assert.Equal(0, Read());
    }

    [Fact]
    public void A_group_that_is_its_namespace_s_root_bounds_too()
    {
        Write("meminfo", "MemAvailable:    1024000 kB\n");
        Write("cgroup", "0::/\n");
        Write("groups/memory.max", $"{512 * Megabyte}\n");
        Write("groups/memory.current", $"{12 * Megabyte}\n");
        Assert.Equal(500 * Megabyte, Read());
    }

    [Fact]
    public void A_system_that_does_not_tell_bounds_nothing() => Assert.Null(Read());

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private long? Read() => MachineMemory.Available(Path.Combine(_directory, "meminfo"), Path.Combine(_directory, "cgroup"), Path.Combine(_directory, "groups"));

    private void Write(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
