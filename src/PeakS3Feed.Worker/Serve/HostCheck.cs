using System.Net;
using Microsoft.AspNetCore.Http;

namespace PeakS3Feed.Worker.Serve;

/// <summary>
/// Accepts only requests whose Host header names this worker. This prevents DNS rebinding: a foreign page whose name resolves to this machine's
/// address cannot read the user's data.
/// </summary>
internal sealed class HostCheck
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase) { "localhost", "127.0.0.1", "[::1]" };
    private readonly bool _anyAddress;

    public HostCheck(ServeSettings settings)
    {
        _names.UnionWith(settings.HostNames);
        _names.UnionWith(settings.Addresses.Select(a => Format(a.Address)));
        _anyAddress = settings.Addresses.Any(a => a.Address.Equals(IPAddress.Any) || a.Address.Equals(IPAddress.IPv6Any));
    }

    /// <summary>Passes a request to the next handler, or refuses it.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (HostOf(context.Request) is not { } host)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return context.Response.WriteAsync("The Host header is not a valid host name.\n");
        }
        // If the worker listens at all addresses, any IP address is accepted: DNS rebinding needs a name.
        if (_names.Contains(host) || (_anyAddress && IPAddress.TryParse(host.Trim('[', ']'), out _)))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        return context.Response.WriteAsync($"This worker does not have the name \"{host}\". To allow the name, start the worker with --host-name "
            + $"{host}.\n");
    }

    // ASP.NET decodes punycode and throws if it is invalid. Such a name is never this worker's.
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

    private static string Format(IPAddress address)
        => address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
