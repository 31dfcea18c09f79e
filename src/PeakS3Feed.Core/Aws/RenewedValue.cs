using PeakS3Feed.Errors;

namespace PeakS3Feed.Aws;

/// <summary>
/// A value that a service grants for a limited time, such as a session or a temporary password. It is requested when it is first used, and again well
/// before it expires.
/// </summary>
/// <param name="request">Requests a value from the service.</param>
/// <param name="time">The clock.</param>
/// <param name="kept">Is called when a renewal fails, with its error and the expiry of the earlier value, which continues to be used.</param>
internal sealed class RenewedValue<T>(
    Func<CancellationToken, Task<GrantedValue<T>>> request, TimeProvider time, Action<FeedException, DateTimeOffset> kept) : IDisposable
    where T : class
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private GrantedValue<T>? _current;

    /// <summary>Returns the current value, or a new one if it expires soon.</summary>
    /// <exception cref="FeedException">The service grants no value, and there is none that is still valid.</exception>
    public async ValueTask<T> GetAsync(CancellationToken cancellationToken)
    {
        if (_current is { } fresh && time.GetUtcNow() < fresh.RenewAt)
            return fresh.Value;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Forget may clear the field at any time, so what is returned is read once.
            if (_current is { } current && time.GetUtcNow() < current.RenewAt)
                return current.Value;
            var renewed = await RenewAsync(cancellationToken);
            _current = renewed;
            return renewed.Value;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Drops a value that the service no longer accepts. Has no effect if another value is current.</summary>
    public void Forget(T value)
    {
        var current = _current;
        if (current is not null && ReferenceEquals(current.Value, value))
            Interlocked.CompareExchange(ref _current, null, current);
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task<GrantedValue<T>> RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await request(cancellationToken);
        }
        catch (FeedException e) when (_current is { } old && time.GetUtcNow() < old.Expires)
        {
            // The old value is still valid: continue to use it, and try again after half of its remaining time.
            kept(e, old.Expires);
            return old with { RenewAt = time.GetUtcNow() + ((old.Expires - time.GetUtcNow()) / 2) };
        }
    }
}

/// <summary>A value that a service granted.</summary>
/// <param name="Value">The value.</param>
/// <param name="Expires">When the service stops accepting it.</param>
/// <param name="RenewAt">When to request another one.</param>
internal sealed record GrantedValue<T>(T Value, DateTimeOffset Expires, DateTimeOffset RenewAt)
    where T : class
{
    private static readonly TimeSpan MaxMargin = TimeSpan.FromMinutes(5);

    /// <summary>Creates a grant that is renewed after three quarters of its duration, or five minutes before its end if that is later.</summary>
    /// <param name="value">The value.</param>
    /// <param name="requested">When it was requested, by this machine's clock.</param>
    /// <param name="duration">The duration that was requested.</param>
    /// <param name="stated">The expiry that the service stated, or null.</param>
    public static GrantedValue<T> Create(T value, DateTimeOffset requested, TimeSpan duration, DateTimeOffset? stated)
    {
        // Measured with this machine's clock, so that a slow clock does not use the value after its end.
        var expires = requested + duration;
        if (stated < expires)
            expires = stated.Value;
        var margin = TimeSpan.FromTicks(Math.Clamp((expires - requested).Ticks / 4, 0, MaxMargin.Ticks));
        return new(value, expires, expires - margin);
    }

    /// <summary>Returns a text without the value, which may be a secret.</summary>
    public override string ToString() => $"granted until {Expires:u}";
}
