using System.Net;
using Microsoft.AspNetCore.Http;

namespace Orleans.Workflows.Api.Requests;

/// <summary>
/// The names by which the service may be asked. A web page can have its own name resolve to this machine and is then
/// same-origin with the service; only the <c>Host</c> it sends tells it from a caller. An address can't be taken over like that.
/// </summary>
public sealed class AllowedHosts
{
    private readonly HashSet<string> _names;

    /// <param name="urls">Where the service listens, separated by semicolons: the hosts in them are allowed.</param>
    /// <param name="more">Names beside them, separated by semicolons; <c>*</c> is any.</param>
    public AllowedHosts(string urls, string more = "")
    {
        ArgumentNullException.ThrowIfNull(urls);
        ArgumentNullException.ThrowIfNull(more);
        _names = new(StringComparer.OrdinalIgnoreCase) { "localhost", Environment.MachineName };
        _names.UnionWith(Split(urls).Select(url => BindingAddress.Parse(url).Host).Where(host => host is not "*" and not "+"));
        _names.UnionWith(Split(more));
    }

    /// <summary>Whether a request with this <c>Host</c> may go on: a known name, any address, or none, which no browser sends.</summary>
    public bool Allows(HostString host) =>
        !host.HasValue || _names.Contains(host.Host) || IPAddress.TryParse(host.Host, out _) || _names.Contains("*");

    private static string[] Split(string text) => text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
