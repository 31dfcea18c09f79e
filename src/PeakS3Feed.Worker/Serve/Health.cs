using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;

namespace PeakS3Feed.Worker.Serve;

/// <summary>Answers <c>GET /health</c>: whether the store and the history are usable. Discloses nothing of their contents.</summary>
internal sealed class Health(FeedEngine engine, DefinitionsCache definitions, TimeProvider time)
{
    // Uses the process's start time, because the first request creates this object.
    private readonly TimeSpan _age = DateTime.UtcNow - Process.GetCurrentProcess().StartTime.ToUniversalTime();
    private readonly long _made = time.GetTimestamp();

    public async Task<IResult> GetAsync(CancellationToken cancellationToken)
    {
        string? trouble = null;
        string? warning = null;
        try
        {
            var all = await definitions.GetAsync(cancellationToken);
            await engine.History.ListAsync(new RunFilter { Last = 1 }, cancellationToken).FirstOrDefaultAsync(cancellationToken);
            warning = await FindWarningAsync(all, cancellationToken);
        }
        catch (FeedException e)
        {
            trouble = e.Id;
        }
        var answer = new HealthAnswer(trouble is null ? "healthy" : "unhealthy", trouble, warning, typeof(Health).Assembly.GetName().Version!.ToString(3),
            (long)(_age + time.GetElapsedTime(_made)).TotalSeconds);
        return Results.Json(answer, AnswerJson.Default.HealthAnswer, statusCode: trouble is null
            ? StatusCodes.Status200OK
            : StatusCodes.Status503ServiceUnavailable);
    }

    // The worker itself works, so the status stays healthy.
    private async Task<string?> FindWarningAsync(StoreDefinitions all, CancellationToken cancellationToken)
    {
        var queues = await engine.ListQueueStatesAsync(all, cancellationToken);
        return all.Triggers.Where(t => t.Enabled).SelectMany(t => queues.GetValueOrDefault(t.Id)?.Problems ?? []).MinBy(p => p.FirstAt)?.Id;
    }
}
