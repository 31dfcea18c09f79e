using System.Collections;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.PostgreSql;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>Completes Amazon's regions, as the SDK lists them.</summary>
public sealed class RegionCompleter : Completer
{
    private protected override IEnumerable<Candidate> Candidates(IDictionary given)
        => AwsRegions.All.Select(r => new Candidate(r.Code, r.DisplayName));
}

/// <summary>Completes the separators that have names.</summary>
public sealed class SeparatorCompleter : Completer
{
    private protected override IEnumerable<Candidate> Candidates(IDictionary given) =>
    [
        new("Comma", ","),
        new("Tab", "A tab; the same as `t and \\t"),
        new("Pipe", "|"),
        new("Semicolon", ";"),
        new("Space", "A space"),
        new("Auto", "Detected in the first file, then kept"),
    ];
}

/// <summary>Completes usual beginnings of comments.</summary>
public sealed class CommentPrefixCompleter : Completer
{
    private protected override IEnumerable<Candidate> Candidates(IDictionary given)
        => [new("#", "A number sign"), new("//", "Two slashes"), new("--", "Two hyphens"), new("%", "A percent sign")];
}

/// <summary>Completes usual texts for true and false.</summary>
public sealed class BooleanValueCompleter : Completer
{
    private protected override IEnumerable<Candidate> Candidates(IDictionary given)
        =>
        [
            new("1/0", "1 is true, 0 is false"), new("Y/N", "Y is true, N is false"), new("t/f", "t is true, f is false"),
            new("yes/no", "yes is true, no is false"),
        ];
}

/// <summary>Completes decimal separators.</summary>
public sealed class DecimalSeparatorCompleter : Completer
{
    private protected override IEnumerable<Candidate> Candidates(IDictionary given) => [new(",", "A decimal comma"), new(".", "A decimal point")];
}

/// <summary>Completes separators of groups of digits.</summary>
public sealed class GroupSeparatorCompleter : Completer
{
    private protected override IEnumerable<Candidate> Candidates(IDictionary given) =>
    [
        new(".", "A point, as in 1.234,50"),
        new(",", "A comma, as in 1,234.50"),
        new(" ", "A space, as in 1 234,50"),
        new("\u00A0", "A space where no line breaks (U+00A0)"),
        new("\u202F", "A narrow space where no line breaks (U+202F)"),
        new("'", "An apostrophe, as in 1'234.50"),
        new("None", "Numbers have no groups"),
    ];
}

/// <summary>Completes the AWS profiles of the account that runs the session.</summary>
public sealed class ProfileCompleter : Completer
{
    private protected override IEnumerable<Candidate> Candidates(IDictionary given)
        => AwsProfiles.FindNames().Order(StringComparer.OrdinalIgnoreCase).Select(p => new Candidate(p, $"The AWS profile {p}"));
}

/// <summary>Completes the TLS modes, which are the same for PostgreSQL and Redshift.</summary>
public sealed class SslModeCompleter : Completer
{
    private protected override IEnumerable<Candidate> Candidates(IDictionary given)
        => PostgreSqlDestination.SslModes.Select(m => new Candidate(m, m));
}

/// <summary>Completes the time zones of this system.</summary>
public sealed class TimeZoneCompleter : Completer
{
    private protected override IEnumerable<Candidate> Candidates(IDictionary given) => TimeZoneInfo.GetSystemTimeZones()
        .OrderBy(z => z.Id, StringComparer.OrdinalIgnoreCase)
        .Select(z => new Candidate(z.Id, z.DisplayName));
}
