using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Sources;

/// <summary>
/// Finds out what a refused read means. S3 says "denied" of an object that is gone, of one that is closed to us, and of all of them once
/// a role is revoked; only the second is that object's own matter, which a run may go on without.
/// </summary>
internal sealed class RefusedRead(
    S3Connection connection,
    Func<string, CancellationToken, Task<SourceObject?>> find,
    Func<SourceObject, CancellationToken, Task<bool>> canRead,
    Func<SourceObject, CancellationToken, IAsyncEnumerable<SourceObject>> others)
{
    /// <summary>How many other objects are tried at the most before it counts as certain that none can be read.</summary>
    public const int Tried = 5;

    /// <summary>Whether a failure is such a refusal.</summary>
    public static bool Is(ServiceFailure failure) => failure is { Kind: FailureKind.Refused, IsThrottle: false, IsAboutIdentity: false, Code: not "NoSuchBucket" }
        && (failure.IsDenial || failure.Status == 404 || failure.IsAboutKms || failure.WantsKey);

    /// <summary>The error that a run ends with, or leaves the file out for. Throws that of the listing where even that is refused by now.</summary>
    public async Task<FeedException> ExplainAsync(SourceObject source, ServiceFailure failure, Exception e, CancellationToken cancellationToken)
    {
        if (await find(source.Key, cancellationToken) is not { } now)
            return SourceErrors.Vanished(source, failure);
        if (!string.Equals(now.ETag, source.ETag, StringComparison.Ordinal))
            return SourceErrors.Changed(source, failure);
        return await CanReadAnotherAsync(source, cancellationToken)
            ? SourceErrors.Denied(source, connection, failure, e)
            : SourceErrors.AllDenied(source, connection, failure, e);
    }

    private async Task<bool> CanReadAnotherAsync(SourceObject source, CancellationToken cancellationToken)
    {
        var candidates = others(source, cancellationToken).Where(o => !o.Archived && !string.Equals(o.Key, source.Key, StringComparison.Ordinal));
        await foreach (var other in candidates.Take(Tried).WithCancellation(cancellationToken))
        {
            if (await canRead(other, cancellationToken))
                return true;
        }
        return false;
    }
}
