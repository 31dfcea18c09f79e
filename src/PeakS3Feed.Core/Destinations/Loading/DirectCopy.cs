using Microsoft.Extensions.Logging;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>
/// The steps of a load whose objects the engine reads itself, up to the transaction: the first bytes of each object, the COPY, the second listing.
/// What is done stays done when a session is lost.
/// </summary>
internal sealed class DirectCopy(IDirectWork work, StagedFiles files, StagedShare share, LoadAttempt attempt)
{
    private DirectFiles? _proved;
    private long? _rows;
    private bool _isRefused;

    /// <summary>Has the engine load the objects, unless an earlier attempt has. Returns false if they are to be staged.</summary>
    public async Task<bool> TryAsync(IDirectSession session, CancellationToken cancellationToken)
    {
        if (_isRefused)
            return false;
        if (share.IsCopied)
            return true;
        try
        {
            await CopyAsync(session, cancellationToken);
            return true;
        }
        catch (DirectRefusedException e) when (work.MayStage)
        {
            _isRefused = true;
            attempt.Logger.LogInformation("The load is staged, because {Reason}.", e.Reason);
            work.Stage(new LoadPathReason(e.Reason));
            await files.CloseAsync(); // with the table that the engine has filled
            return false;
        }
        catch (DirectRefusedException e)
        {
            throw e.Error;
        }
    }

    private async Task CopyAsync(IDirectSession session, CancellationToken cancellationToken)
    {
        attempt.ThrowIfOvertaken(await session.InspectAsync(cancellationToken));
        if (_proved is null)
        {
            _proved = await work.ProveAsync(cancellationToken);
            attempt.Report(CommitStep.Proved);
        }
        var name = await files.OpenAsync(share, cancellationToken);
        if (_rows is null)
        {
            var order = attempt.Order(attempt.Work.Spec with { Direct = _proved.Form }, share.Stamp);
            _rows = await session.CopyDirectAsync(name, _proved, order, cancellationToken);
            attempt.Report(CommitStep.Copied);
        }
        await work.VerifyAsync(cancellationToken);
        attempt.Report(CommitStep.Verified);
        share.UseDirect(name, _proved.Form, work.Complete(_rows.Value));
    }
}
