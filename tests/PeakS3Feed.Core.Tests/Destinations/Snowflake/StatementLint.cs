using System.Text;
using System.Text.RegularExpressions;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.TestServers.Snowflake;
using PeakS3Feed.TestServers.Sql;

namespace PeakS3Feed.Tests.Destinations.Snowflake;

/// <summary>
/// The rules for the statements that this program sends to Snowflake, besides those of the stand-in's strict reader. They know nothing of how the
/// program writes its statements: a statement is a text, and values that are bound to it.
/// </summary>
/// <param name="names">The names of tables, columns and stages that people chose, as Snowflake stores them.</param>
/// <param name="secrets">Values that belong into parameters or staged files, never into a text.</param>
internal sealed partial class StatementLint(IReadOnlySet<string> names, IReadOnlyList<string> secrets)
{
    private const int MaxBytes = 1024 * 1024;
    private const int MaxFiles = 1000;
    private const string Raised = "peaks3feed: ";

    private static readonly HashSet<string> Words = Split("""
        add alter and as begin bigint boolean by case cast check_1 check_2 check_3 check_4 coalesce column commit copy count create current_database
        current_role current_schema current_user current_version current_warehouse data date declare delete desc distinct drop else end epoch error
        exception execute exists false file_format files float from group if immediate in information_schema inner insert integer into is join left
        like limit list matched max merge min not null number on or order other over parse_json partition raise rename return rollback row_number
        select set show stage sum table then timestamp_ntz timestamp_tz timestamptz to transaction transient type update using values varchar variant
        when where try_parse_json to_timestamp_ntz to_timestamp_tz default_ddl_collation purge force truncatecolumns skip_header skip_blank_lines
        replace_invalid_characters error_on_column_count_mismatch true datetime_precision
        abort_statement auto compression csv data_retention_time_in_days date_format empty_field_as_null encoding escape escape_unenclosed_field
        field_delimiter field_optionally_enclosed_by gzip none null_if on_error record_delimiter return_all_errors timestamp_format trim_space
        validation_mode warehouses
        character_maximum_length column_default column_name columns data_type is_nullable numeric_precision numeric_scale ordinal_position tables
        table_name table_schema table_type
        audited bucket byte_count claimed_at committed_at etag expected feed_id format_version generation held host id kind load_id load_type mode
        name object_count object_key ordinal peaks3feed_object peaks3feed_rank peaks3feed_row process_id retired retired_schema_json row_count run run_id
        schema_json sequence shift signature size stamped_at taken
        a c f i k l m n o r s t w desc
        """);

    // Other literals are file names, the token for NULL, and the warehouse that the account names.
    private static readonly HashSet<string> Literals = new(StringComparer.Ordinal)
    {
        "", "state", "load", "file", "assumed", "changed", "move", "forget", "s3://", "/", "Replace", "d", ",", "\n", "\"", "UTF8", "YYYY-MM-DD",
        "YYYY-MM-DD HH24:MI:SS.FF6", "YYYY-MM-DD HH24:MI:SS.FF6TZH",
        "committed", "00000000-0000-0000-0000-000000000000", "1970-01-01T00:00:00.000000Z",
    };

    private static readonly HashSet<string> Checks = new(StringComparer.Ordinal)
    {
        CommitScript.LoadIdCheck, CommitScript.EpochCheck, CommitScript.SequenceCheck, CommitScript.CountCheck,
    };

    private static readonly HashSet<string> InBlocks = Split("insert update delete merge select if begin commit return");

    /// <summary>Returns what is wrong with a statement; empty if nothing is.</summary>
    /// <param name="sql">The text.</param>
    /// <param name="values">The values of its parameters, in order.</param>
    public IReadOnlyList<string> Check(string sql, IReadOnlyList<string> values)
    {
        List<string> problems = [];
        if (Encoding.UTF8.GetByteCount(sql) > MaxBytes)
            problems.Add("It is larger than 1 MiB.");
        problems.AddRange(secrets.Where(s => sql.Contains(s, StringComparison.Ordinal)).Select(s => $"It has the value {s} in its text."));
        var text = StagePattern().Replace(sql, m =>
        {
            CheckStage(m, problems);
            return "@stage";
        });
        var tokens = SnowflakeTokens.Read(text);
        var bound = tokens.Count(t => t.IsSymbol("?"));
        if (bound != values.Count)
            problems.Add($"It has {bound} parameters and {values.Count} values.");
        if (values.Contains("", StringComparer.Ordinal))
            problems.Add("A value is empty.");
        if (tokens is [var execute, var immediate, var block] && execute.Is("execute") && immediate.Is("immediate"))
        {
            CheckTokens(text, tokens, isBlock: false, problems);
            CheckBlock(block.Value, problems);
            return problems;
        }
        CheckTokens(text, tokens, isBlock: false, problems);
        if (tokens.Any(t => t.IsSymbol(";")))
            problems.Add("It has a semicolon.");
        CheckFiles(tokens, problems);
        return problems;
    }

    private void CheckTokens(string text, IReadOnlyList<SqlToken> tokens, bool isBlock, List<string> problems)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            var (token, before) = (tokens[i], i == 0 ? 0 : tokens[i - 1].End);
            if (!string.IsNullOrWhiteSpace(text[before..token.Start]))
                problems.Add($"It has a comment: {text[before..token.Start]}");
            var problem = token.Kind switch
            {
                SqlTokenKind.Word when token.Value == "stage" && i > 0 && tokens[i - 1].IsSymbol("@") => null,
                SqlTokenKind.Word when !Words.Contains(token.Value)
                    => $"The word {token.Value} is neither a keyword nor ours: a name without quotes?",
                SqlTokenKind.Quoted when !names.Contains(token.Value) && !OurName().IsMatch(token.Value)
                    => $"Nobody chose the name \"{token.Value}\".",
                SqlTokenKind.Literal when !IsOurs(tokens, i, isBlock) => $"The literal '{token.Value}' is not ours: a value without a parameter?",
                SqlTokenKind.Symbol when token.Value == ":" && !(isBlock && i + 1 < tokens.Count && tokens[i + 1].Is("held"))
                    => "A parameter was not translated.",
                _ => null,
            };
            if (problem is not null)
                problems.Add(problem);
        }
        if (tokens.Count > 0 && !string.IsNullOrWhiteSpace(text[tokens[^1].End..]))
            problems.Add("It ends with a comment.");
    }

    private static bool IsOurs(IReadOnlyList<SqlToken> tokens, int at, bool isBlock)
    {
        var literal = tokens[at].Value;
        if (Literals.Contains(literal))
            return true;
        if (isBlock)
            return literal.StartsWith(Raised, StringComparison.Ordinal) && Checks.Contains(literal[Raised.Length..]);
        var list = at - 1;
        while (list >= 0 && (tokens[list].IsSymbol(",") || tokens[list].Kind is SqlTokenKind.Literal))
            list--;
        var option = list >= 2 && tokens[list].IsSymbol("(") && tokens[list - 1].IsSymbol("=") ? tokens[list - 2] : default;
        return (option.Is("files") && FilePattern().IsMatch(literal)) || (option.Is("null_if") && TokenPattern().IsMatch(literal))
            || (at == 3 && tokens[0].Is("show") && tokens[2].Is("like")) || (at == 2 && tokens[0].Is("execute"));
    }

    private void CheckStage(Match stage, List<string> problems)
    {
        foreach (var name in SnowflakeTokens.Read(stage.Groups["name"].Value).Where(t => t.Kind is not SqlTokenKind.Symbol))
        {
            if (name.Kind is not SqlTokenKind.Quoted || !names.Contains(name.Value))
                problems.Add($"Nobody chose the stage {name.Value}.");
        }
    }

    private static void CheckFiles(IReadOnlyList<SqlToken> tokens, List<string> problems)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (!tokens[i].Is("files"))
                continue;
            var files = tokens.Skip(i + 3).TakeWhile(t => !t.IsSymbol(")")).Count(t => t.Kind is SqlTokenKind.Literal);
            if (files is 0 or > MaxFiles)
                problems.Add($"It names {files} files.");
        }
    }

    private void CheckBlock(string block, List<string> problems)
    {
        var tokens = SnowflakeTokens.Read(block);
        CheckTokens(block, tokens, isBlock: true, problems);
        CheckLines(block, tokens, problems);
        var raised = new List<string>();
        foreach (var statement in Statements(tokens))
        {
            if (statement[0].Kind is not SqlTokenKind.Word || !InBlocks.Contains(statement[0].Value))
                problems.Add($"The block has a statement {statement[0].Value}: no definition of a table may be in a transaction.");
            if (statement[0].Is("if"))
                raised.Add(statement[^1].Value);
            else if (statement[0].Is("select") && !statement.Any(t => t.Is("into")))
                problems.Add("Nothing takes the result of a SELECT.");
        }
        var declared = tokens.Take(tokens.TakeWhile(t => !t.Is("begin")).Count()).Index()
            .Where(t => t.Item.Is("exception")).Select(t => tokens[t.Index - 1].Value).ToList();
        if (!declared.SequenceEqual(raised, StringComparer.Ordinal))
            problems.Add($"The block declares {string.Join(", ", declared)} and raises {string.Join(", ", raised)}.");
        CheckAnswers(tokens, problems);
    }

    // Each SELECT INTO is followed by its check.
    private static void CheckAnswers(IReadOnlyList<SqlToken> tokens, List<string> problems)
    {
        var statements = Statements(tokens).ToList();
        for (var i = 0; i < statements.Count; i++)
        {
            if (statements[i][0].Is("select") && (i + 1 == statements.Count || !statements[i + 1][0].Is("if")))
                problems.Add("Nothing checks the result of a SELECT.");
        }
    }

    // Snowflake's messages name the line.
    private static void CheckLines(string block, IReadOnlyList<SqlToken> tokens, List<string> problems)
    {
        for (var i = 1; i < tokens.Count; i++)
        {
            var (before, token) = (tokens[i - 1], tokens[i]);
            var breaks = block[before.End..token.Start].Contains('\n', StringComparison.Ordinal);
            var ends = before.IsSymbol(";") || before.Is("declare") || before.Is("then") || before.Is("exception") || before.Is("begin");
            if (breaks && !ends)
                problems.Add($"A statement is on two lines, before {token.Value}.");
            if (!breaks && before.IsSymbol(";") && !(token.Is("end") && i + 1 < tokens.Count && tokens[i + 1].Is("if")))
                problems.Add($"Two statements are on one line, before {token.Value}.");
        }
    }

    // Those of the transaction: from BEGIN TRANSACTION to EXCEPTION WHEN.
    private static IEnumerable<IReadOnlyList<SqlToken>> Statements(IReadOnlyList<SqlToken> tokens)
    {
        var first = tokens.Index().First(t => t.Item.Is("begin")).Index + 1;
        List<SqlToken> statement = [];
        for (var i = first; i < tokens.Count && !(tokens[i].Is("exception") && statement.Count == 0); i++)
        {
            if (!tokens[i].IsSymbol(";"))
            {
                statement.Add(tokens[i]);
            }
            else if (statement is not [{ Value: "end" }, { Value: "if" }])
            {
                yield return statement;
                statement = [];
            }
            else
            {
                statement = [];
            }
        }
    }

    private static HashSet<string> Split(string words)
        => new(words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);

    // The path needs no quotes. A run has a folder of its own.
    [GeneratedRegex("@(?<name>\"(?:[^\"]|\"\")*\"(?:\\.\"(?:[^\"]|\"\")*\")*)/[A-Za-z0-9_/-]*(?=\\s|$)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex StagePattern();

    [GeneratedRegex(@"\A[a-z0-9_-]{1,100}\.csv\.gz\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex FilePattern();

    [GeneratedRegex(@"\A~[a-z2-9]{5}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TokenPattern();

    [GeneratedRegex(
        @"\A(PEAKS3FEED_(LOAD|FILE|LOCK_[0-9A-F]{16}|STAGE_[0-9A-Z_]+|TEST_[0-9A-F]{32})|PEAKAUDIT[A-Z]+)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OurName();
}
