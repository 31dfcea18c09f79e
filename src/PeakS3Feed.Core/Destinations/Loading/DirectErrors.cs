using PeakS3Feed.Errors;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>The errors of loads whose objects the warehouse loads itself.</summary>
internal static class DirectErrors
{
    // The end of each hint: what a person does who does not want to change the files.
    private const string OrStage = "Or set LoadPath of the destination to Auto or Staged: this program then reads the objects.";

    /// <summary>The feed or the destination does not allow it.</summary>
    public static FeedException NotPossible(string feed, string location, IReadOnlyList<LoadPathReason> reasons)
        => new(
            "DirectNotPossible", FeedErrorCategory.InvalidOperation,
            $"{location} cannot load the objects of feed {feed} itself, because {string.Join("; ", reasons.Select(r => r.Text))}.")
        {
            Target = feed,
            Hint = string.Concat(reasons.Select(r => r.Change).OfType<string>().Distinct(StringComparer.Ordinal).Select(c => c + ". ")) + OrStage,
        };

    /// <summary>The warehouse refuses the objects, or a row of one.</summary>
    public static FeedException Refused(string reason, Exception? inner)
        => new("DirectLoadRefused", FeedErrorCategory.InvalidData, $"The warehouse refused to load the objects itself: {reason}", inner)
        {
            Hint = $"Nothing was loaded. Fix what the warehouse reports, then run the feed again. {OrStage}",
        };

    /// <summary>A row of an object that the warehouse refuses.</summary>
    public static FeedException RowRefused(SourcePosition position, string reason, Exception inner)
        => new("DirectLoadRefused", FeedErrorCategory.InvalidData, $"{position}: the warehouse refused the row: {reason}", inner)
        {
            Target = position.ObjectUri,
            Position = position,
            Hint = $"Nothing was loaded. Fix the file or the column's type, then run the feed again. {OrStage}",
        };

    /// <summary>The warehouse has other rows than a staged load would give.</summary>
    public static FeedException NotTheSame(LoadTarget target, string reason)
        => new(
            "DirectLoadDiffers", FeedErrorCategory.InvalidData,
            $"The rows that the warehouse has read itself are not committed, because {reason}.")
        {
            Target = target.FeedName,
            Hint = $"Nothing was loaded. Change the files, the column or the setting that the message names. {OrStage}",
        };

    /// <summary>An object is not as the feed's columns say.</summary>
    public static FeedException ObjectDiffers(SourceObject source, string reason)
        => new("DirectObjectDiffers", FeedErrorCategory.InvalidData, $"{source.Uri} cannot be loaded by the warehouse itself: {reason}.")
        {
            Target = source.Uri,
            Position = new SourcePosition(source.Uri),
            Hint = $"Nothing was loaded. All objects of a load need the same header, in UTF-8 without a byte order mark. {OrStage}",
        };

    public static string EmptyValues(string column)
        => $"column \"{column}\" has empty values, which the warehouse cannot tell from NULL. -EmptyAsNull of the feed makes them NULL";

    public static string UnreadableValues(string column) => $"column \"{column}\" has values that are not plain whole numbers";

    public static string MissingValues(string column) => $"column \"{column}\" must not be NULL, and is in some rows";

    public static string TooLong(string column) => $"column \"{column}\" of the table is too short for some values, and cannot be made longer";
}
