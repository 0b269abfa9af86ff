using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Orleans.Workflows.Server;

/// <summary>Why a server does not start, where it is the settings or the machine: sentences that name the setting and the remedy. A stack would hide them.</summary>
public static class StartFailure
{
    /// <summary>Whether <paramref name="exception"/> is of that kind.</summary>
    public static bool IsExpected(Exception exception) => exception is AggregateException all
        ? all.Flatten().InnerExceptions.All(IsExpected)
        : exception is InvalidOperationException or ArgumentException or FormatException or InvalidDataException
            or IOException or UnauthorizedAccessException or SocketException or OptionsValidationException;

    /// <summary>One sentence or more for each fault.</summary>
    public static IEnumerable<string> Explain(Exception exception) => exception switch
    {
        AggregateException all => all.Flatten().InnerExceptions.SelectMany(Explain),
        OptionsValidationException wrong => wrong.Failures,
        _ => [exception?.Message ?? ""],
    };
}
