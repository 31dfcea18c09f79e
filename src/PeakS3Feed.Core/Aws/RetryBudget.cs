namespace PeakS3Feed.Aws;

/// <summary>How often, and after what pauses, a call that may yet succeed is made again.</summary>
/// <param name="Retries">Attempts after the first one.</param>
/// <param name="FirstPause">The first pause; each further one doubles, with jitter.</param>
/// <param name="LongestPause">The cap on a pause.</param>
/// <param name="Silence">How long a body may go without a byte before the connection counts as dropped.</param>
internal sealed record RetryBudget(int Retries, TimeSpan FirstPause, TimeSpan LongestPause, TimeSpan Silence)
{
    /// <summary>About two minutes of trying.</summary>
    public static RetryBudget Patient { get; } = new(9, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));

    /// <summary>For a test of a connection: a person is waiting.</summary>
    public static RetryBudget Brief { get; } = new(1, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));
}
