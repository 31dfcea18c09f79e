using System.Net;
using System.Net.Sockets;
using Npgsql;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Tests.Destinations.Redshift;

/// <summary>What a refusal means, by SQLSTATE over the wire and by message through the Data API.</summary>
public sealed class RedshiftRefusalsTests
{
    private const string Ruler = "-----------------------------------------------";

    [Theory]
    [InlineData("40001", StatementRefusal.Conflict)]
    [InlineData("40P01", StatementRefusal.Conflict)]
    [InlineData("22012", StatementRefusal.CheckFailed)]
    [InlineData("42P07", StatementRefusal.Exists)]
    [InlineData("42701", StatementRefusal.Exists)]
    [InlineData("42P01", StatementRefusal.Missing)]
    [InlineData("42703", StatementRefusal.Missing)]
    [InlineData("3F000", StatementRefusal.Missing)]
    [InlineData("42501", StatementRefusal.Denied)]
    [InlineData("57014", StatementRefusal.Cancelled)]
    [InlineData("57P01", StatementRefusal.NotReady)]
    [InlineData("53300", StatementRefusal.NotReady)]
    [InlineData("08006", StatementRefusal.NotReady)]
    [InlineData("42601", StatementRefusal.Other)]
    [InlineData("XX000", StatementRefusal.Other)]
    public void An_SQLSTATE_decides(string state, object refusal)
        => Assert.Equal(refusal, RedshiftRefusals.Read(state, "words"));

    [Theory]
    [InlineData("1023: Serializable isolation violation on table - 100167, transactions forming the cycle are: 1, 2", StatementRefusal.Conflict)]
    [InlineData("1023", StatementRefusal.Conflict)]
    [InlineData("could not serialize access due to concurrent update", StatementRefusal.Conflict)]
    [InlineData("deadlock detected", StatementRefusal.Conflict)]
    [InlineData("division by zero", StatementRefusal.CheckFailed)]
    [InlineData("Divide by zero", StatementRefusal.CheckFailed)]
    [InlineData("Relation \"t\" already exists", StatementRefusal.Exists)]
    [InlineData("column \"a\" of relation \"t\" already exists", StatementRefusal.Exists)]
    [InlineData("relation \"s.t\" does not exist", StatementRefusal.Missing)]
    [InlineData("column \"a\" does not exist in t", StatementRefusal.Missing)]
    [InlineData("schema \"s\" does not exist", StatementRefusal.Missing)]
    [InlineData("Cannot COPY into nonexistent table t", StatementRefusal.Missing)]
    [InlineData("permission denied for relation t", StatementRefusal.Denied)]
    [InlineData("must be owner of relation t", StatementRefusal.Denied)]
    [InlineData("Load into table 't' failed. Check 'sys_load_error_detail' system table for details.", StatementRefusal.RowRefused)]
    [InlineData("Load into table 't' failed.  Check 'stl_load_errors' system table for details.", StatementRefusal.RowRefused)]
    [InlineData("S3ServiceException:Access Denied,Status 403,Error AccessDenied,Rid 0,CanRetry 1", StatementRefusal.FilesRefused)]
    [InlineData("S3ServiceException:Please reduce your request rate.,Status 503,Error SlowDown,Rid 0,CanRetry 1", StatementRefusal.NotReady)]
    [InlineData("Problem reading manifest file - S3ServiceException:The specified key does not exist.,Status 404", StatementRefusal.FilesRefused)]
    [InlineData("The specified S3 prefix 'a/b' does not exist", StatementRefusal.FilesRefused)]
    [InlineData("Mandatory url is not present in manifest file", StatementRefusal.FilesRefused)]
    [InlineData("Manifest file contains incorrect content_length for s3://b/1.gz: 1 instead of 2", StatementRefusal.FilesRefused)]
    [InlineData("User arn:aws:redshift:eu-west-2:1:dbuser:c/u is not authorized to assume IAM Role arn:x", StatementRefusal.FilesRefused)]
    [InlineData("Not authorized to get credentials of role arn:aws:iam::1:role/r", StatementRefusal.FilesRefused)]
    [InlineData("Query (123) cancelled on user's request", StatementRefusal.Cancelled)]
    [InlineData("canceling statement due to user request", StatementRefusal.Cancelled)]
    [InlineData("terminating connection due to administrator command", StatementRefusal.NotReady)]
    [InlineData("too many connections for database \"dev\"", StatementRefusal.NotReady)]
    [InlineData("cannot execute INSERT in a read-only transaction", StatementRefusal.NotReady)]
    [InlineData("syntax error at or near \"x\"", StatementRefusal.Other)]
    public void A_message_decides_where_no_SQLSTATE_does(string message, object refusal)
    {
        Assert.Equal(refusal, RedshiftRefusals.Read(null, $"ERROR: {message}"));
        Assert.Equal(refusal, RedshiftRefusals.Read("XX000", message));
    }

    [Fact]
    public void A_specific_SQLSTATE_is_stronger_than_the_words_of_a_message()
        => Assert.Equal(StatementRefusal.Denied, RedshiftRefusals.Read("42501", "permission denied: relation 1023 already exists"));

    [Fact]
    public void A_message_is_one_line_without_rulers()
        => Assert.Equal(
            "1023 error: Serializable code: 1023",
            RedshiftRefusals.Clean($"ERROR: 1023\n  {Ruler}\n  error:  Serializable\n  code:   1023\n  {Ruler}\n"));

    [Theory]
    [InlineData(StatementRefusal.Conflict, FaultKind.Transient)]
    [InlineData(StatementRefusal.NotReady, FaultKind.Transient)]
    [InlineData(StatementRefusal.RowRefused, FaultKind.RowRefused)]
    [InlineData(StatementRefusal.CheckFailed, FaultKind.Refused)]
    [InlineData(StatementRefusal.Cancelled, FaultKind.Refused)]
    [InlineData(StatementRefusal.Other, FaultKind.Refused)]
    public void A_refusal_says_whether_another_attempt_may_succeed(object refusal, FaultKind fault)
    {
        var refused = new StatementRefusedException("check: rows", (StatementRefusal)refusal, "words");

        Assert.Equal(fault, RedshiftFaults.Classify(refused));
        Assert.Equal(FaultKind.Transient, RedshiftFaults.Classify(new StatementInDoubtException(refused)));
    }

    [Fact]
    public void An_error_that_is_no_refusal_never_says_that_nothing_took_effect()
    {
        var denied = Service(HttpStatusCode.Forbidden, "AccessDeniedException");

        Assert.Equal(FaultKind.Unknown, RedshiftFaults.Classify(denied));
        Assert.Equal(FaultKind.Unknown, RedshiftFaults.Classify(new StatementInDoubtException(denied)));
        Assert.Equal(FaultKind.Transient, RedshiftFaults.Classify(Service(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable")));
        Assert.Equal(FaultKind.Transient, RedshiftFaults.Classify(new NpgsqlException("lost", new IOException())));
        Assert.Equal(FaultKind.Transient, RedshiftFaults.Classify(new SocketException()));
        Assert.Equal(FaultKind.Unknown, RedshiftFaults.Classify(new InvalidOperationException()));
    }

    [Fact]
    public void Only_an_answer_of_the_service_or_a_request_never_sent_means_that_nothing_runs()
    {
        Assert.True(RedshiftFaults.IsCertainlyNotSubmitted(Service(HttpStatusCode.BadRequest, "ValidationException")));
        Assert.True(RedshiftFaults.IsCertainlyNotSubmitted(Service(HttpStatusCode.BadRequest, "ActiveStatementsExceededException")));
        Assert.True(RedshiftFaults.IsCertainlyNotSubmitted(Service(HttpStatusCode.Forbidden, "AccessDeniedException")));
        Assert.False(RedshiftFaults.IsCertainlyNotSubmitted(Service(HttpStatusCode.InternalServerError, "InternalServerException")));
        Assert.False(RedshiftFaults.IsCertainlyNotSubmitted(Service(HttpStatusCode.BadRequest, "RequestTimeout")));
        Assert.False(RedshiftFaults.IsCertainlyNotSubmitted(new HttpRequestException(HttpRequestError.ResponseEnded)));
        Assert.False(RedshiftFaults.IsCertainlyNotSubmitted(new OperationCanceledException()));
        Assert.False(RedshiftFaults.IsCertainlyNotSubmitted(
            RedshiftServiceErrors.Failed("dw", "redshift-data:BatchExecuteStatement", new UnexpectedResponseException())));
    }

    [Fact]
    public void A_script_has_statements_and_a_token_of_at_most_64_characters()
    {
        NamedStatement[] statements = [new("one", "SELECT 1")];

        Assert.Throws<ArgumentOutOfRangeException>(() => new WarehouseScript([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WarehouseScript(statements, new string('t', 65)));
        Assert.Single(new WarehouseScript(statements, new string('t', 64)).Statements);
    }

    private static FeedException Service(HttpStatusCode status, string code) => RedshiftServiceErrors.Failed(
        "dw", "redshift-data:BatchExecuteStatement", new ServiceRefusalException("words", code, "id", status, null));
}
