using System.Runtime.InteropServices;
using System.Text;

namespace Orleans.Workflows.Supervisor.Posix;

/// <summary>A null-terminated array of UTF-8 C strings in one block, for <c>argv</c> and <c>envp</c>.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private byte** _block;

    internal NativeStrings(IReadOnlyCollection<string> strings)
    {
        var pointers = (nuint)((strings.Count + 1) * sizeof(byte*));
        var bytes = pointers;
        foreach (var text in strings)
            bytes += (nuint)Encoding.UTF8.GetByteCount(text) + 1;

        _block = (byte**)NativeMemory.Alloc(bytes);
        var next = (byte*)_block + pointers;
        var end = (byte*)_block + bytes;
        var index = 0;
        foreach (var text in strings)
        {
            if (text.Contains('\0'))
                throw new ArgumentException("An argument or environment entry holds U+0000, which a process can't be given.", nameof(strings));
            _block[index++] = next;
            next += Encoding.UTF8.GetBytes(text, new Span<byte>(next, (int)(end - next)));
            *next++ = 0;
        }

        _block[index] = null;
    }

    internal byte** Pointer => _block;

    public void Dispose()
    {
        NativeMemory.Free(_block);
        _block = null;
    }
}
