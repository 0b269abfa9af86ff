namespace Orleans.Workflows.Supervisor.Posix;

/// <summary>Error numbers, as on every Linux architecture that .NET runs on.</summary>
internal static class Errno
{
    internal const int NotPermitted = 1;
    internal const int NoEntry = 2;
    internal const int NoProcess = 3;
    internal const int Interrupted = 4;
    internal const int ArgumentsTooLong = 7;
    internal const int NotExecutable = 8;
    internal const int NoChild = 10;
    internal const int Again = 11;
    internal const int NoMemory = 12;
    internal const int AccessDenied = 13;
    internal const int Exists = 17;
    internal const int NotDirectory = 20;
    internal const int IsDirectory = 21;
    internal const int TooManyFilesInSystem = 23;
    internal const int TooManyFiles = 24;
    internal const int NoSpace = 28;
    internal const int BrokenPipe = 32;
    internal const int QuotaExceeded = 122;
}
