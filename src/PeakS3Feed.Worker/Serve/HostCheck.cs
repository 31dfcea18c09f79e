using System.Net;
using Microsoft.AspNetCore.Http;

namespace PeakS3Feed.Worker.Serve;

/// <summary>
/// Answers only requests that name this worker: a page from elsewhere whose name was made to mean this machine's address would else read what is for
/// its user alone (DNS rebinding).
/// </summary>
internal sealed class HostCheck
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase) { "localhost", "127.0.0.1", "[::1]" };
    private readonly bool _anyAddress;

    public HostCheck(ServeSettings settings)
    {
        _names.UnionWith(settings.HostNames);
        _names.UnionWith(settings.Addresses.Select(a => Written(a.Address)));
        _anyAddress = settings.Addresses.Any(a => a.Address.Equals(IPAddress.Any) || a.Address.Equals(IPAddress.IPv6Any));
    }

    /// <summary>Passes a request on, or refuses it.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (HostOf(context.Request) is not { } host)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return context.Response.WriteAsync("The Host header is not the name of a host.\n");
        }
        // Where it listens at all addresses, each of them is its own; an address is no name that could be made to mean another.
        if (_names.Contains(host) || (_anyAddress && IPAddress.TryParse(host.Trim('[', ']'), out _)))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        return context.Response.WriteAsync($"This worker does not go by the name \"{host}\". Start it with --host-name {host} if it is to.\n");
    }

    // ASP.NET turns punycode into Unicode, and throws where it is not valid. Such a name is never one of ours.
    private static string? HostOf(HttpRequest request)
    {
        try
        {
            return request.Host.Host;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return null;
        }
    }

    private static string Written(IPAddress address)
        => address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
