using System.Management.Automation;
using System.Management.Automation.Host;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>A cmdlet whose work is asynchronous: <see cref="Run"/> does it, and the members below bring its results to the pipeline from any thread.</summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private PipelinePump? _pump;

    /// <summary>Runs work to its end, on the pipeline's thread as far as the pipeline is concerned.</summary>
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

    /// <summary>Writes an object; waits while the consumer is far behind.</summary>
    private protected Task EmitAsync(object value) => Pump.SendAsync(() => WriteObject(value));

    /// <summary>Writes an error that does not end the pipeline, unless the preference says so.</summary>
    private protected Task ErrorAsync(ErrorRecord error) => CallAsync(() =>
    {
        WriteError(error);
        return true;
    });

    /// <summary>Asks whether to do something, as -WhatIf and -Confirm have it.</summary>
    /// <exception cref="FeedException"><c>ConfirmationNeeded</c>: nobody can be asked.</exception>
    private protected async Task<bool> ShouldAsync(string target, string action)
    {
        var (yes, failure) = await CallAsync(() => Ask(target, action));
        return failure is null ? yes : throw failure;
    }

    /// <summary>
    /// Asks likewise where the impact depends on what is given. The cmdlet's attribute names the highest; with -Force it is None, and only
    /// -Confirm asks.
    /// </summary>
    /// <exception cref="FeedException"><c>ConfirmationNeeded</c>: nobody can be asked.</exception>
    private protected async Task<bool> ShouldAsync(string target, string action, ConfirmImpact impact)
        => !await CallAsync(() => IsWhatIf || Asks(impact)) || await ShouldAsync(target, action);

    /// <summary>Does something on the pipeline's thread.</summary>
    private protected Task<T> CallAsync<T>(Func<T> call) => Pump.CallAsync(call);

    /// <summary>Has something done on the pipeline's thread some time; nothing when no work is under way.</summary>
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
            // It has just ended by itself.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the cmdlet holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _stopping.Dispose();
    }

    /// <summary>Whether nothing is to be changed; to be asked on the pipeline's thread.</summary>
    private protected bool IsWhatIf
        => LanguagePrimitives.IsTrue(MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given) ? given : GetVariableValue("WhatIfPreference"));

    // What the host throws where it cannot ask belongs to the work, and not to the pipeline.
    private (bool Yes, FeedException? Failure) Ask(string target, string action)
    {
        try
        {
            return (ShouldProcess(target, action), null);
        }
        catch (Exception e) when (e is HostException or not RuntimeException)
        {
            return (false, ConfirmationErrors.NobodyToAsk(target, action, MyInvocation.MyCommand.Parameters.ContainsKey("Force"), e));
        }
    }

    private bool Asks(ConfirmImpact impact)
    {
        var least = LanguagePrimitives.ConvertTo<ConfirmImpact>(GetVariableValue("ConfirmPreference"));
        return MyInvocation.BoundParameters.ContainsKey("Confirm") || (least != ConfirmImpact.None && impact >= least);
    }

    private PipelinePump Pump => _pump ?? throw new InvalidOperationException("No work is under way.");
}
