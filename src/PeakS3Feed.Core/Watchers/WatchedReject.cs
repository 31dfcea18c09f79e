using PeakS3Feed.Rows;

namespace PeakS3Feed.Watchers;

/// <summary>A reject in a message, without the row's text, which is customer data.</summary>
internal sealed record WatchedReject(string Object, long Line, string? Column, string Reason)
{
    public static WatchedReject From(Reject reject) => new(reject.Position.ObjectUri, reject.Position.Line, reject.Position.Column, reject.Reason);
}
