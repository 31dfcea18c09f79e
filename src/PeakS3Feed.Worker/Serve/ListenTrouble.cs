using System.Net.Sockets;

namespace PeakS3Feed.Worker.Serve;

/// <summary>What keeps somebody from listening.</summary>
internal static class ListenTrouble
{
    /// <summary>What the system said; null where it was something else that went wrong.</summary>
    public static SocketError? Of(Exception? error)
    {
        while (error is not (null or SocketException))
            error = error.InnerException;
        return (error as SocketException)?.SocketErrorCode;
    }
}
