using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Accepts days of the week by their names or the beginnings of them: Mon, Tue. PowerShell itself accepts only full names.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DayOfWeekTransformationAttribute : ArgumentTransformationAttribute
{
    private const int Shortest = 2;

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) => inputData switch
    {
        null => null,
        PSObject { BaseObject: not string and IEnumerable many } => many.Cast<object?>().Select(Day).ToArray(),
        not string and IEnumerable many => many.Cast<object?>().Select(Day).ToArray(),
        _ => new[] { Day(inputData) },
    };

    private static DayOfWeek Day(object? value)
    {
        value = value is PSObject wrapped ? wrapped.BaseObject : value;
        if (value is DayOfWeek day)
            return day;
        var text = value as string ?? "";
        var found = CultureInfo.InvariantCulture.DateTimeFormat.DayNames.Index().Where(n => text.Length >= Shortest && n.Item.StartsWith(text, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count == 1 ? (DayOfWeek)found[0].Index : throw new ArgumentTransformationMetadataException($"\"{value}\" is not a day of the week. Write Monday or Mon.");
    }
}
