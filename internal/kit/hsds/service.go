// SPDX-License-Identifier: EUPL-1.2

package hsds

import "encoding/json"

// ServiceFields is the HSDS service record without the parts that name places.
type ServiceFields struct {
	ID                     string             `json:"id"`
	OrganizationID         string             `json:"organization_id,omitempty"`
	ProgramID              string             `json:"program_id,omitempty"`
	Name                   string             `json:"name"`
	AlternateName          string             `json:"alternate_name,omitempty"`
	Description            string             `json:"description,omitempty"`
	URL                    string             `json:"url,omitempty"`
	AdditionalURLs         []URL              `json:"additional_urls,omitempty"`
	Email                  string             `json:"email,omitempty"`
	Status                 string             `json:"status"`
	InterpretationServices string             `json:"interpretation_services,omitempty"`
	ApplicationProcess     string             `json:"application_process,omitempty"`
	FeesDescription        string             `json:"fees_description,omitempty"`
	WaitTime               string             `json:"wait_time,omitempty"`
	Fees                   string             `json:"fees,omitempty"`
	Accreditations         string             `json:"accreditations,omitempty"`
	EligibilityDescription string             `json:"eligibility_description,omitempty"`
	MinimumAge             *float64           `json:"minimum_age,omitempty"`
	MaximumAge             *float64           `json:"maximum_age,omitempty"`
	AssuredDate            string             `json:"assured_date,omitempty"`
	AssurerEmail           string             `json:"assurer_email,omitempty"`
	Licenses               string             `json:"licenses,omitempty"`
	Alert                  string             `json:"alert,omitempty"`
	LastModified           string             `json:"last_modified,omitempty"`
	Phones                 []Phone            `json:"phones,omitempty"`
	Schedules              []Schedule         `json:"schedules,omitempty"`
	ServiceAreas           []ServiceArea      `json:"service_areas,omitempty"`
	Languages              []Language         `json:"languages,omitempty"`
	Funding                []Funding          `json:"funding,omitempty"`
	CostOptions            []CostOption       `json:"cost_options,omitempty"`
	RequiredDocuments      []RequiredDocument `json:"required_documents,omitempty"`
	Contacts               []Contact          `json:"contacts,omitempty"`
	Capacities             []ServiceCapacity  `json:"capacities,omitempty"`
	Attributes             []Attribute        `json:"attributes,omitempty"`
	Metadata               []Metadata         `json:"metadata,omitempty"`
}

// Service is the HSDS service record.
type Service struct {
	ServiceFields
	ServiceAtLocations []ServiceAtLocation `json:"service_at_locations,omitempty"`
	Organization       *Organization       `json:"organization,omitempty"`
	Program            *Program            `json:"program,omitempty"`
	Approdo            json.RawMessage     `json:"approdo,omitempty"`
}

// ServiceAtLocation is the HSDS service_at_location record.
type ServiceAtLocation struct {
	ID           string        `json:"id"`
	ServiceID    string        `json:"service_id,omitempty"`
	LocationID   string        `json:"location_id,omitempty"`
	Description  string        `json:"description,omitempty"`
	ServiceAreas []ServiceArea `json:"service_areas,omitempty"`
	Contacts     []Contact     `json:"contacts,omitempty"`
	Phones       []Phone       `json:"phones,omitempty"`
	Schedules    []Schedule    `json:"schedules,omitempty"`
	Location     *Location     `json:"location,omitempty"`
	Attributes   []Attribute   `json:"attributes,omitempty"`
	Metadata     []Metadata    `json:"metadata,omitempty"`
}

// Program is the HSDS program record.
type Program struct {
	ID             string      `json:"id"`
	OrganizationID string      `json:"organization_id,omitempty"`
	Name           string      `json:"name"`
	AlternateName  string      `json:"alternate_name,omitempty"`
	Description    string      `json:"description"`
	Attributes     []Attribute `json:"attributes,omitempty"`
	Metadata       []Metadata  `json:"metadata,omitempty"`
}

// CostOption is the HSDS cost_option record.
type CostOption struct {
	ID                string      `json:"id"`
	ServiceID         string      `json:"service_id,omitempty"`
	ValidFrom         string      `json:"valid_from,omitempty"`
	ValidTo           string      `json:"valid_to,omitempty"`
	Option            string      `json:"option,omitempty"`
	Currency          string      `json:"currency,omitempty"`
	Amount            *float64    `json:"amount,omitempty"`
	AmountDescription string      `json:"amount_description,omitempty"`
	Attributes        []Attribute `json:"attributes,omitempty"`
	Metadata          []Metadata  `json:"metadata,omitempty"`
}

// RequiredDocument is the HSDS required_document record.
type RequiredDocument struct {
	ID         string      `json:"id"`
	ServiceID  string      `json:"service_id,omitempty"`
	Document   string      `json:"document,omitempty"`
	URI        string      `json:"uri,omitempty"`
	Attributes []Attribute `json:"attributes,omitempty"`
	Metadata   []Metadata  `json:"metadata,omitempty"`
}

// ServiceArea is the HSDS service_area record.
type ServiceArea struct {
	ID                  string      `json:"id"`
	ServiceID           string      `json:"service_id,omitempty"`
	ServiceAtLocationID string      `json:"service_at_location_id,omitempty"`
	Name                string      `json:"name,omitempty"`
	Description         string      `json:"description,omitempty"`
	Extent              string      `json:"extent,omitempty"`
	ExtentType          string      `json:"extent_type,omitempty"`
	URI                 string      `json:"uri,omitempty"`
	Attributes          []Attribute `json:"attributes,omitempty"`
	Metadata            []Metadata  `json:"metadata,omitempty"`
}

// Unit is the HSDS unit record.
type Unit struct {
	ID         string      `json:"id"`
	Name       string      `json:"name"`
	Scheme     string      `json:"scheme,omitempty"`
	Identifier string      `json:"identifier,omitempty"`
	URI        string      `json:"uri,omitempty"`
	Attributes []Attribute `json:"attributes,omitempty"`
	Metadata   []Metadata  `json:"metadata,omitempty"`
}

// ServiceCapacity is the HSDS service_capacity record.
type ServiceCapacity struct {
	ID          string      `json:"id"`
	ServiceID   string      `json:"service_id,omitempty"`
	Unit        *Unit       `json:"unit"`
	UnitID      string      `json:"unit_id,omitempty"`
	Available   *float64    `json:"available"`
	Maximum     *float64    `json:"maximum,omitempty"`
	Description string      `json:"description,omitempty"`
	Updated     string      `json:"updated"`
	Attributes  []Attribute `json:"attributes,omitempty"`
	Metadata    []Metadata  `json:"metadata,omitempty"`
}
