namespace PeakS3Feed.Tests;

/// <summary>Tests that measure the process: none other runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone
{
}
