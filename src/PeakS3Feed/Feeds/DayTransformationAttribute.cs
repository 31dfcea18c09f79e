using System.Globalization;
using System.Management.Automation;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>Accepts a calendar day as yyyy-MM-dd or as a date object. Uses the date that the object shows; ignores its time and zone.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DayTransformationAttribute : ArgumentTransformationAttribute
{
    private const string Form = "yyyy-MM-dd";

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
    {
        DateTime time => DateOnly.FromDateTime(time),
        DateTimeOffset time => DateOnly.FromDateTime(time.DateTime),
        "" => null,
        string text => DateOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new ArgumentTransformationMetadataException($"\"{text}\" is not a day. Write it as {Form}, for example 2026-01-31."),
        null or DateOnly => (inputData as PSObject)?.BaseObject ?? inputData,
        var other => throw new ArgumentTransformationMetadataException($"\"{other}\" is not a day. Write it as {Form}, for example 2026-01-31."),
    };
}
