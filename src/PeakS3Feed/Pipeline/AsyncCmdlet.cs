using System.Management.Automation;
using System.Management.Automation.Host;
using PeakS3Feed.Cmdlets.Output;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>
/// A cmdlet with asynchronous work. <see cref="Run"/> runs it; the other members send its results to the pipeline from any thread.
/// </summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly OutputShaper _shaper = new();
    private PipelinePump? _pump;

    /// <summary>Runs work to its end. Actions on the pipeline run on the pipeline's thread.</summary>
    private protected void Run(Func<CancellationToken, Task> work)
    {
        try
        {
            PipelinePump.Run(
                (pump, cancellationToken) =>
                {
                    _pump = pump;
                    return work(cancellationToken);
                },
                _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        finally
        {
            _pump = null;
        }
    }

    /// <summary>Writes an object. Waits while the consumer is more than a few objects behind.</summary>
    private protected Task EmitAsync(object value) => Pump.SendAsync(() => Emit(value));

    /// <summary>Writes an object. Call it on the pipeline's thread.</summary>
    private protected void Emit(object value) => WriteObject(_shaper.Prepare(value));

    /// <summary>Writes a non-terminating error.</summary>
    private protected Task ErrorAsync(ErrorRecord error) => CallAsync(() =>
    {
        WriteError(error);
        return true;
    });

    /// <summary>Asks for confirmation, as -WhatIf and -Confirm require.</summary>
    /// <exception cref="FeedException"><c>ConfirmationNeeded</c>: nobody can be asked.</exception>
    private protected async Task<bool> ShouldAsync(string target, string action)
    {
        var (yes, failure) = await CallAsync(() => Ask(target, action));
        return failure is null ? yes : throw failure;
    }

    /// <summary>
    /// Asks for confirmation if the impact depends on the parameters. The cmdlet's attribute has the highest impact. With -Force the impact is
    /// None, and only -Confirm asks.
    /// </summary>
    /// <exception cref="FeedException"><c>ConfirmationNeeded</c>: nobody can be asked.</exception>
    private protected async Task<bool> ShouldAsync(string target, string action, ConfirmImpact impact)
        => !await CallAsync(() => IsWhatIf || Asks(impact)) || await ShouldAsync(target, action);

    /// <summary>Calls a function on the pipeline's thread and returns its result.</summary>
    private protected Task<T> CallAsync<T>(Func<T> call) => Pump.CallAsync(call);

    /// <summary>Queues an action for the pipeline's thread. Does nothing while no work runs.</summary>
    private protected void Post(Action action) => _pump?.Post(action);

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        try
        {
            _stopping.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The work has just ended.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the cmdlet's resources.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _stopping.Dispose();
    }

    /// <summary>Whether -WhatIf is in effect. Read it on the pipeline's thread.</summary>
    private protected bool IsWhatIf
        => LanguagePrimitives.IsTrue(
            MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given) ? given : GetVariableValue("WhatIfPreference"));

    // A host that cannot ask throws. Returns that as a failure of the work, so that it does not end the pipeline.
    private (bool Yes, FeedException? Failure) Ask(string target, string action)
    {
        try
        {
            return (ShouldProcess(target, action), null);
        }
        catch (Exception e) when (e is HostException or not RuntimeException)
        {
            return (false, ConfirmationErrors.NobodyCanConfirm(target, action, MyInvocation.MyCommand.Parameters.ContainsKey("Force"), e));
        }
    }

    private bool Asks(ConfirmImpact impact)
    {
        var minimum = LanguagePrimitives.ConvertTo<ConfirmImpact>(GetVariableValue("ConfirmPreference"));
        return MyInvocation.BoundParameters.ContainsKey("Confirm") || (minimum != ConfirmImpact.None && impact >= minimum);
    }

    private PipelinePump Pump => _pump ?? throw new InvalidOperationException("No work is running.");
}
