using System.Collections.Concurrent;
using PeakS3Feed.SnowflakeServer.Sessions;
using PeakS3Feed.SnowflakeServer.Statements;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.TestServers.Snowflake;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.SnowflakeServer.Api;

/// <summary>The statements that were submitted, and their request ids.</summary>
internal sealed class StatementStore(StatementRunner runner, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, ApiStatement> _statements = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, ApiStatement> _requests = [];
    private readonly Lock _lock = new();

    /// <summary>What becomes of a request id that was seen.</summary>
    public TokenMode Tokens { get; set; }

    public ApiStatement Find(string handle) => _statements.GetValueOrDefault(handle) ?? throw SqlApiException.NotFound(handle);

    /// <summary>Begins a statement, or finds the one of its request id.</summary>
    /// <param name="request">The statement.</param>
    /// <param name="requestId">The request id; null if the caller gives none.</param>
    /// <param name="isRetry">Whether the caller says that it sends the request again.</param>
    public ApiStatement Submit(StatementRequest request, Guid? requestId, bool isRetry)
    {
        ApiStatement statement;
        lock (_lock)
        {
            // The documentation does not say what an id means without retry=true. A service that repeats failures takes it for the same request.
            if (requestId is { } id && (isRetry || Tokens is TokenMode.ReplayFailure) && Known(id, request) is { } known)
                return known;
            statement = new ApiStatement(request, clock.GetUtcNow());
            _statements[statement.Handle] = statement;
            if (requestId is { } own)
                _requests[own] = statement;
        }
        _ = Task.Run(() => RunAsync(statement));
        return statement;
    }

    /// <summary>Ends all that runs.</summary>
    public async Task StopAsync()
    {
        foreach (var statement in _statements.Values.Where(s => !s.HasEnded))
            await statement.Cancellation.CancelAsync();
        await Task.WhenAll(_statements.Values.Select(s => s.Ended.Task));
    }

    private async Task RunAsync(ApiStatement statement)
    {
        var seconds = statement.Request.Timeout;
        using var timeout = new CancellationTokenSource(seconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, statement.Cancellation.Token);
        try
        {
            statement.Succeed(await runner.RunAsync(statement.Request, either.Token));
        }
        catch (Exception) when (either.IsCancellationRequested)
        {
            var timedOut = timeout.IsCancellationRequested && !statement.Cancellation.IsCancellationRequested;
            statement.Fail(timedOut ? SnowflakeErrors.TimedOut(seconds) : SnowflakeErrors.Cancelled, timedOut);
        }
        catch (RefusalException e)
        {
            statement.Fail(e);
        }
        catch (Exception e)
        {
            statement.Fail(new RefusalException("XX000", $"The stand-in failed: {e}", "300002"));
        }
    }

    private ApiStatement? Known(Guid id, StatementRequest request)
    {
        if (Tokens is TokenMode.Forget || !_requests.TryGetValue(id, out var known))
            return null;
        if (known.Request.Identity != request.Identity)
            throw SqlApiException.BadRequest("The request id was used with another statement.");
        return known.Error is not null && Tokens is TokenMode.Normal ? null : known;
    }
}
