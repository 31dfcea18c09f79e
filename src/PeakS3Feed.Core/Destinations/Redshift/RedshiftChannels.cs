using Microsoft.Extensions.Logging;

namespace PeakS3Feed.Destinations.Redshift;

internal sealed class RedshiftChannels(RedshiftDestination definition, string? password, ILoggerFactory loggers, TimeProvider time) : IAsyncDisposable
{
    public string Location => $"{definition} {password} {loggers} {time}";

    public Task<IRedshiftChannel> OpenAsync(string lockName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
