using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;

namespace PeakS3Feed.Destinations.Staging;

/// <summary>
/// Makes the calls to S3 for the staged files of one destination, with retries. A call that fails throws a <see cref="FeedException"/>.
/// </summary>
/// <param name="connection">The staging connection.</param>
/// <param name="prefix">The prefix of the staged files: empty, or ending with <c>/</c>.</param>
/// <param name="clients">The connection's clients.</param>
/// <param name="destination">The name of the destination, for messages.</param>
/// <param name="isTable">Whether the files are tables of their own, for messages.</param>
internal sealed class StagingCalls(S3Connection connection, string prefix, AwsClients clients, string destination, bool isTable)
{
    /// <summary>Makes one call.</summary>
    /// <param name="action">What it does.</param>
    /// <param name="what">A description for the log: <c>Uploading s3://acme/stage/1</c>.</param>
    /// <param name="uri">The file, or the prefix of files.</param>
    /// <param name="call">One attempt.</param>
    /// <param name="cancellationToken">Cancels attempts and delays.</param>
    /// <exception cref="FeedException">The call failed, also after retries.</exception>
    public async Task<T> RunAsync<T>(
        StagingAction action, string what, string uri, Func<S3Client, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await clients.CallAsync(what, call, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Fail(action, uri, e);
        }
    }

    /// <summary>Fills a buffer from the body of an answer. For use within a call, which is repeated if this fails.</summary>
    /// <param name="content">The body.</param>
    /// <param name="buffer">As long as the body.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="IOException">The body ended early.</exception>
    /// <exception cref="TimeoutException">No byte came for as long as the budget for retries allows.</exception>
    public async Task ReadAsync(Stream content, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var silence = clients.Calls.Budget.Silence;
        for (var read = 0; buffer.Length > 0; buffer = buffer[read..])
        {
            using var timeout = new CancellationTokenSource(silence, clients.Calls.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                read = await content.ReadAsync(buffer, either.Token);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"No byte came for {silence.TotalSeconds:0} seconds.", e);
            }
            if (read == 0)
                throw new IOException("The answer ended early.");
        }
    }

    /// <summary>Returns the stream of a file's content, which throws a <see cref="FeedException"/> if reading fails.</summary>
    /// <param name="content">The content; owned by the new stream.</param>
    /// <param name="uri">The file.</param>
    public Stream Guard(Stream content, string uri) => new GuardedStream(content, e => Fail(StagingAction.Read, uri, e));

    private FeedException Fail(StagingAction action, string uri, Exception e)
        => StagingErrors.Failed(connection, new(destination, action, prefix) { IsTable = isTable }, uri, e);

    private sealed class GuardedStream(Stream content, Func<Exception, FeedException> fail) : ForwardStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await content.ReadAsync(buffer, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                throw fail(e);
            }
        }

        public override async ValueTask DisposeAsync()
        {
            await content.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                content.Dispose();
            base.Dispose(disposing);
        }
    }
}
