using System.Management.Automation;
using PeakS3Feed.Feeds;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>Accepts a time as ISO 8601 text (UTC if it has no zone) or as a date object.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class InstantTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
    {
        DateTime { Kind: DateTimeKind.Unspecified } time => new DateTimeOffset(time, TimeSpan.Zero),
        DateTime time => new DateTimeOffset(time),
        "" => null,
        string text => FeedTimes.TryParse(text, out var time)
            ? time
            : throw new ArgumentTransformationMetadataException(
                $"\"{text}\" is not a time. Write 2026-01-31 for that day's midnight, UTC, or 2026-01-31T15:30:00Z."),
        var other => other,
    };
}
