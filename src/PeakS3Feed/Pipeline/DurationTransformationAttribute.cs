using System.Management.Automation;
using PeakS3Feed.Store;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>
/// Accepts a duration as a TimeSpan or as text: 90s, 5m, 2h, 30d, 1h30m, 00:05:00. PowerShell itself reads 30 as ticks and "30" as days.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is null or TimeSpan)
            return inputData;
        // The typed text: PowerShell parses 30d as a number, and keeps the text with it.
        return DurationText.TryParse(LanguagePrimitives.ConvertTo<string>(inputData), out var duration) is { } problem
            ? throw new ArgumentTransformationMetadataException(problem)
            : duration;
    }
}
