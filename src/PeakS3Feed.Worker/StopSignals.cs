using System.Runtime.InteropServices;

namespace PeakS3Feed.Worker;

/// <summary>Handles Ctrl+C and SIGTERM: the first signal cancels, a second one ends the process immediately.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;

    public StopSignals()
        => _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (Interlocked.Increment(ref _signals) > 1)
            return;
        context.Cancel = true;
        // Off the signal's thread, so that a second signal is handled while the first one's callbacks run.
        _ = Task.Run(_source.Cancel);
    }
}
