using System.Net;
using System.Net.Sockets;
using Npgsql;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Tests.Destinations.Redshift;

/// <summary>What a refusal means, by SQLSTATE over the wire and by message through the Data API.</summary>
public sealed class RedshiftRefusalsTests
{
    private const string Ruler = "-----------------------------------------------";

    [Theory]
    [InlineData("40001", RedshiftRefusal.Conflict)]
    [InlineData("40P01", RedshiftRefusal.Conflict)]
    [InlineData("22012", RedshiftRefusal.CheckFailed)]
    [InlineData("42P07", RedshiftRefusal.Exists)]
    [InlineData("42701", RedshiftRefusal.Exists)]
    [InlineData("42P01", RedshiftRefusal.Missing)]
    [InlineData("42703", RedshiftRefusal.Missing)]
    [InlineData("3F000", RedshiftRefusal.Missing)]
    [InlineData("42501", RedshiftRefusal.Denied)]
    [InlineData("57014", RedshiftRefusal.Cancelled)]
    [InlineData("57P01", RedshiftRefusal.NotReady)]
    [InlineData("53300", RedshiftRefusal.NotReady)]
    [InlineData("08006", RedshiftRefusal.NotReady)]
    [InlineData("42601", RedshiftRefusal.Other)]
    [InlineData("XX000", RedshiftRefusal.Other)]
    public void An_SQLSTATE_decides(string state, object refusal)
        => Assert.Equal(refusal, RedshiftRefusals.Read(state, "words"));

    [Theory]
    [InlineData("1023: Serializable isolation violation on table - 100167, transactions forming the cycle are: 1, 2", RedshiftRefusal.Conflict)]
    [InlineData("1023", RedshiftRefusal.Conflict)]
    [InlineData("could not serialize access due to concurrent update", RedshiftRefusal.Conflict)]
    [InlineData("deadlock detected", RedshiftRefusal.Conflict)]
    [InlineData("division by zero", RedshiftRefusal.CheckFailed)]
    [InlineData("Divide by zero", RedshiftRefusal.CheckFailed)]
    [InlineData("Relation \"t\" already exists", RedshiftRefusal.Exists)]
    [InlineData("column \"a\" of relation \"t\" already exists", RedshiftRefusal.Exists)]
    [InlineData("relation \"s.t\" does not exist", RedshiftRefusal.Missing)]
    [InlineData("column \"a\" does not exist in t", RedshiftRefusal.Missing)]
    [InlineData("schema \"s\" does not exist", RedshiftRefusal.Missing)]
    [InlineData("Cannot COPY into nonexistent table t", RedshiftRefusal.Missing)]
    [InlineData("permission denied for relation t", RedshiftRefusal.Denied)]
    [InlineData("must be owner of relation t", RedshiftRefusal.Denied)]
    [InlineData("Load into table 't' failed. Check 'sys_load_error_detail' system table for details.", RedshiftRefusal.RowRefused)]
    [InlineData("Load into table 't' failed.  Check 'stl_load_errors' system table for details.", RedshiftRefusal.RowRefused)]
    [InlineData("S3ServiceException:Access Denied,Status 403,Error AccessDenied,Rid 0,CanRetry 1", RedshiftRefusal.FilesRefused)]
    [InlineData("Problem reading manifest file - S3ServiceException:The specified key does not exist.,Status 404", RedshiftRefusal.FilesRefused)]
    [InlineData("The specified S3 prefix 'a/b' does not exist", RedshiftRefusal.FilesRefused)]
    [InlineData("Mandatory url is not present in manifest file", RedshiftRefusal.FilesRefused)]
    [InlineData("Manifest file contains incorrect content_length for s3://b/1.gz: 1 instead of 2", RedshiftRefusal.FilesRefused)]
    [InlineData("User arn:aws:redshift:eu-west-2:1:dbuser:c/u is not authorized to assume IAM Role arn:x", RedshiftRefusal.FilesRefused)]
    [InlineData("Not authorized to get credentials of role arn:aws:iam::1:role/r", RedshiftRefusal.FilesRefused)]
    [InlineData("Query (123) cancelled on user's request", RedshiftRefusal.Cancelled)]
    [InlineData("canceling statement due to user request", RedshiftRefusal.Cancelled)]
    [InlineData("terminating connection due to administrator command", RedshiftRefusal.NotReady)]
    [InlineData("too many connections for database \"dev\"", RedshiftRefusal.NotReady)]
    [InlineData("cannot execute INSERT in a read-only transaction", RedshiftRefusal.NotReady)]
    [InlineData("syntax error at or near \"x\"", RedshiftRefusal.Other)]
    public void A_message_decides_where_no_SQLSTATE_does(string message, object refusal)
    {
        Assert.Equal(refusal, RedshiftRefusals.Read(null, $"ERROR: {message}"));
        Assert.Equal(refusal, RedshiftRefusals.Read("XX000", message));
    }

    [Fact]
    public void A_specific_SQLSTATE_is_stronger_than_the_words_of_a_message()
        => Assert.Equal(RedshiftRefusal.Denied, RedshiftRefusals.Read("42501", "permission denied: relation 1023 already exists"));

    [Fact]
    public void A_message_is_one_line_without_rulers()
        => Assert.Equal(
            "1023 error: Serializable code: 1023",
            RedshiftRefusals.Clean($"ERROR: 1023\n  {Ruler}\n  error:  Serializable\n  code:   1023\n  {Ruler}\n"));

    [Theory]
    [InlineData(RedshiftRefusal.Conflict, FaultKind.Transient)]
    [InlineData(RedshiftRefusal.NotReady, FaultKind.Transient)]
    [InlineData(RedshiftRefusal.RowRefused, FaultKind.RowRefused)]
    [InlineData(RedshiftRefusal.CheckFailed, FaultKind.Refused)]
    [InlineData(RedshiftRefusal.Cancelled, FaultKind.Refused)]
    [InlineData(RedshiftRefusal.Other, FaultKind.Refused)]
    public void A_refusal_says_whether_another_attempt_may_succeed(object refusal, FaultKind fault)
    {
        var refused = new RedshiftStatementException("check: rows", (RedshiftRefusal)refusal, "words");

        Assert.Equal(fault, RedshiftFaults.Classify(refused));
        Assert.Equal(FaultKind.Transient, RedshiftFaults.Classify(new RedshiftInDoubtException(refused)));
    }

    [Fact]
    public void An_error_that_is_no_refusal_never_says_that_nothing_took_effect()
    {
        var denied = Service(HttpStatusCode.Forbidden, "AccessDeniedException");

        Assert.Equal(FaultKind.Unknown, RedshiftFaults.Classify(denied));
        Assert.Equal(FaultKind.Unknown, RedshiftFaults.Classify(new RedshiftInDoubtException(denied)));
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

        Assert.Throws<ArgumentOutOfRangeException>(() => new RedshiftScript([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RedshiftScript(statements, new string('t', 65)));
        Assert.Single(new RedshiftScript(statements, new string('t', 64)).Statements);
    }

    private static FeedException Service(HttpStatusCode status, string code) => RedshiftServiceErrors.Failed(
        "dw", "redshift-data:BatchExecuteStatement", new ServiceRefusalException("words", code, "id", status, null));
}
