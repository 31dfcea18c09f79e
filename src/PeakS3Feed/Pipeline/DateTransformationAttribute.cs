using System.Management.Automation;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>Accepts dates as PowerShell does, but refuses numbers, which PowerShell reads as ticks since the year 1.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DateTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var given = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return given is ValueType and not (DateTime or DateTimeOffset or DateOnly)
            ? throw new ArgumentTransformationMetadataException(
                $"\"{LanguagePrimitives.ConvertTo<string>(inputData)}\" is not a date. Write a date such as 2026-01-31 or '2026-01-31 07:00', or count back from now: (Get-Date).AddDays(-30).")
            : given is DateTimeOffset instant ? instant.UtcDateTime
            : given is DateOnly day ? day.ToDateTime(TimeOnly.MinValue)
            : inputData;
    }
}
