namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>A service over HTTPS that runs scripts: a request is submitted with a token, and its end is awaited by its id.</summary>
internal interface IScriptService
{
    /// <summary>Submits a script. Returns once the service has accepted it, or has already run it.</summary>
    /// <param name="script">The script. Each request with it has the same token and the same statements.</param>
    /// <param name="attemptFailed">Is called with the failure of each attempt, also before retries.</param>
    /// <param name="cancellationToken">Cancels the request, not the script.</param>
    Task<SubmittedScript> SubmitAsync(PendingScript script, Action<Exception> attemptFailed, CancellationToken cancellationToken);

    /// <summary>Waits for the end of a script that was submitted. Does not cancel it.</summary>
    /// <param name="script">The script, with its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<ScriptEnd> WaitAsync(PendingScript script, CancellationToken cancellationToken);

    /// <summary>Cancels a script in the warehouse. One that has ended stays as it ended. A failure is logged.</summary>
    Task CancelAsync(string id);

    /// <summary>Returns whether a failed attempt to submit certainly ran no statement: the service refused it, or it was never sent.</summary>
    bool IsCertainlyNotSubmitted(Exception exception);

    /// <summary>Returns why the service refused a submission.</summary>
    StatementRefusal ReadRefusal(Exception exception);

    /// <summary>Returns whether a script that ended with this refusal may be committed all the same.</summary>
    bool LeavesInDoubt(StatementRefusal refusal);

    /// <summary>Returns whether the service no longer knows an id.</summary>
    bool IsForgotten(Exception exception);
}

/// <summary>How a script ended.</summary>
/// <param name="Refusal">Why it failed; null if it is committed.</param>
internal sealed record ScriptEnd(StatementRefusedException? Refusal = null);

/// <summary>A script that a service has accepted.</summary>
/// <param name="Id">Its id in the service.</param>
/// <param name="End">How it ended, if the answer says so; null while it may still run.</param>
internal sealed record SubmittedScript(string Id, ScriptEnd? End = null);

/// <summary>
/// Sends the scripts of one session to a service, and settles those whose outcome is unknown. A service may remember tokens, forget them at once, or
/// answer with an old failure: what is committed is in the ledger alone.
/// </summary>
/// <param name="service">The service.</param>
/// <param name="pending">The scripts of this process that may still take effect.</param>
/// <param name="lockName">The name of the lock of the session's feed and table.</param>
internal sealed class ScriptSender(IScriptService service, PendingScripts pending, string lockName)
{
    /// <summary>Runs a script; see <see cref="IWarehouseChannel.RunAsync(WarehouseScript, Action, CancellationToken)"/>.</summary>
    public async Task RunAsync(WarehouseScript script, Action committing, CancellationToken cancellationToken)
    {
        var sent = pending.Add(lockName, script);
        await sent.Turn.WaitAsync(CancellationToken.None); // at once: nobody has seen it
        try
        {
            ThrowIfRefused(sent, await SendAsync(sent, committing, cancellationToken));
        }
        finally
        {
            sent.Turn.Release();
        }
    }

    /// <summary>Waits until no script of the feed and table can take effect; see <see cref="IWarehouseChannel.SettleAsync"/>.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        foreach (var script in pending.Find(lockName))
        {
            await script.Turn.WaitAsync(cancellationToken);
            try
            {
                if (!script.HasEnded)
                    await EndAsync(script, cancellationToken);
            }
            catch (Exception e) when (script.Id is not null && service.IsForgotten(e))
            {
                // A service knows statements for longer than it lets them run.
                pending.Remove(script);
            }
            finally
            {
                script.Turn.Release();
            }
        }
    }

    private async Task<ScriptEnd> SendAsync(PendingScript script, Action committing, CancellationToken cancellationToken)
    {
        try
        {
            committing();
        }
        catch
        {
            pending.Remove(script);
            throw;
        }
        try
        {
            if (await SubmitAsync(script, CancellationToken.None) is { } end)
                return end;

            // It may wait for a lock for hours. The service is asked to end it, and its end says whether it was in time.
            await using var canceled = cancellationToken.Register(() => _ = service.CancelAsync(script.Id!));
            return await EndAsync(script, CancellationToken.None);
        }
        catch (Exception e) when (script.Id is null && !script.MayHaveRun && service.IsCertainlyNotSubmitted(e))
        {
            pending.Remove(script);
            throw new StatementRefusedException(null, service.ReadRefusal(e), e.Message, e);
        }
        catch (Exception e)
        {
            throw new StatementInDoubtException(e);
        }
    }

    // Sends the script unless its id is known, and waits for its end.
    private async Task<ScriptEnd> EndAsync(PendingScript script, CancellationToken cancellationToken)
    {
        if (script.Id is null && await SubmitAsync(script, cancellationToken) is { } ended)
            return ended;
        var end = await service.WaitAsync(script, cancellationToken);
        pending.Remove(script);
        return end;
    }

    // Returns how the script ended, if the answer says so.
    private async Task<ScriptEnd?> SubmitAsync(PendingScript script, CancellationToken cancellationToken)
    {
        var submitted = await service.SubmitAsync(script, NoteFailure, cancellationToken);
        script.Id = submitted.Id;
        if (submitted.End is not null)
            pending.Remove(script);
        return submitted.End;

        void NoteFailure(Exception failure)
        {
            if (!service.IsCertainlyNotSubmitted(failure))
                script.SetMayHaveRun();
        }
    }

    // A script that was sent twice may have run twice, where the service has forgotten its token: the second run then fails because the first one is
    // committed.
    private void ThrowIfRefused(PendingScript sent, ScriptEnd end)
    {
        if (end.Refusal is not { } refused)
            return;
        throw sent.MayHaveRun || service.LeavesInDoubt(refused.Refusal) ? new StatementInDoubtException(refused) : refused;
    }
}
