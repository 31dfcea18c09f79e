using System.Collections.Concurrent;
using PeakS3Feed.TestServers.Control;

namespace PeakS3Feed.RedshiftServer.DataApi;

/// <summary>The statements that were submitted, and their tokens.</summary>
internal sealed class StatementStore(StatementWork work, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, ApiStatement> _statements = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ApiStatement> _tokens = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public TokenMode Tokens { get; set; }

    /// <summary>All statements, the newest first.</summary>
    public IEnumerable<ApiStatement> All => _statements.Values.OrderByDescending(s => s.Created);

    public ApiStatement Find(string id) => _statements.GetValueOrDefault(id) ?? throw DataApiException.NotFound("Query does not exist.");

    /// <summary>Begins a statement, or finds the one of its token.</summary>
    public ApiStatement Submit(ApiSubmission submission)
    {
        ApiStatement statement;
        lock (_lock)
        {
            if (Known(submission) is { } known)
                return known;
            statement = new ApiStatement(submission, clock.GetUtcNow());
            _statements[statement.Id] = statement;
            if (submission.Token is not null)
                _tokens[submission.Token] = statement;
        }
        _ = Task.Run(() => work.RunAsync(statement));
        return statement;
    }

    /// <summary>Ends all that runs.</summary>
    public async Task StopAsync()
    {
        foreach (var statement in _statements.Values.Where(s => !s.HasEnded))
            await statement.Cancellation.CancelAsync();
        await Task.WhenAll(_statements.Values.Select(s => s.Ended.Task));
    }

    private ApiStatement? Known(ApiSubmission submission)
    {
        if (submission.Token is null || Tokens is TokenMode.Forget || !_tokens.TryGetValue(submission.Token, out var known))
            return null;
        if (known.Submission.Identity != submission.Identity)
            throw DataApiException.Validation("The ClientToken was used with other parameters.");
        return known.Status is ApiStatus.Failed or ApiStatus.Aborted && Tokens is TokenMode.Normal ? null : known;
    }
}
