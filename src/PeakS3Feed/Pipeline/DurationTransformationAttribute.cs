using System.Globalization;
using System.Management.Automation;
using PeakS3Feed.Store;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>Takes a duration as a TimeSpan or as text: 90s, 5m, 2h, 30d, 1h30m, 00:05:00. PowerShell itself would take 30 for ticks, and "30" for days.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var given = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (given is null or TimeSpan)
            return given;
        return DurationText.TryParse(Convert.ToString(given, CultureInfo.InvariantCulture) ?? "", out var duration) is { } problem
            ? throw new ArgumentTransformationMetadataException(problem)
            : duration;
    }
}
