using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Worker.Serve;

/// <summary>Answers requests that end in an exception. Limits the log lines that senders can cause.</summary>
internal sealed class ErrorAnswers(ILoggerFactory loggers, TimeProvider time)
{
    private readonly ILogger _logger = loggers.CreateLogger("PeakS3Feed.Serve");
    private readonly LogGate _gate = new(time);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (FeedException e) when (!context.Response.HasStarted)
        {
            if (_gate.MaySucceed(out var last))
                _logger.LogError("{Path} could not be answered: {Reason}{Ending}", context.Request.Path, e.Message, LogGate.Ending(last));
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync($"{e.Id}: the worker's log says more.\n");
        }
        catch (BadHttpRequestException e)
        {
            _logger.LogDebug(e, "A request was refused");
            if (!context.Response.HasStarted)
                context.Response.StatusCode = e.StatusCode;
        }
        catch (Exception e) when (IsAborted(e, context))
        {
            // The sender has closed the connection. A read may notice that before RequestAborted does.
            _logger.LogDebug(e, "A sender closed the connection");
        }
    }

    private static bool IsAborted(Exception error, HttpContext context) => error is OperationCanceledException or IOException
        && (context.RequestAborted.IsCancellationRequested || error is ConnectionResetException
            || error.InnerException is ConnectionAbortedException or ConnectionResetException);
}
